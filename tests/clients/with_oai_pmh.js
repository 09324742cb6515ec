// Drives the npm package oai-pmh; answering.py says what comes in and goes out.

const readline = require('readline')
const { OaiPmh } = require('oai-pmh')

const client = new OaiPmh(process.argv[2])
const DC = 'dc:'

// The client gives one value bare, several as a list, none not at all.
const list = (value) => [].concat(value === undefined ? [] : value)

async function * ask ({ verb, ...options }) {
  if (verb === 'GetRecord') yield client.getRecord(options.identifier, options.metadataPrefix)
  else yield * verb === 'ListRecords' ? client.listRecords(options) : client.listIdentifiers(options)
}

function item (found) {
  const header = found.header || found
  const elements = Object.entries(found.metadata ? found.metadata['oai_dc:dc'] : {})
  return {
    identifier: header.identifier,
    datestamp: header.datestamp,
    deleted: Boolean(header.$) && header.$.status === 'deleted',
    sets: list(header.setSpec),
    metadata: Object.fromEntries(
      elements.filter(([name]) => name.startsWith(DC)).map(([name, value]) => [name.slice(DC.length), list(value)])
    )
  }
}

async function answer (question) {
  const items = []
  try {
    for await (const found of ask(question)) items.push(item(found))
  } catch (error) {
    return { error: String(error) }
  }
  return { items }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  }
}

main()
