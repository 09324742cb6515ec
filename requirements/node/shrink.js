// Writes a lock without what installing needs not: who could be paid, under which licence, and where it came from.
const { readFileSync, writeFileSync } = require('fs')

const [, , from, to] = process.argv
const lock = JSON.parse(readFileSync(from, 'utf8'))
for (const entry of Object.values(lock.packages)) {
  for (const key of ['funding', 'license', 'deprecated', 'engines', 'resolved', 'bin']) delete entry[key]
}
writeFileSync(to, JSON.stringify(lock, null, 1) + '\n')
