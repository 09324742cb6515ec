// The npm package oai-pmh, as a harvester in JavaScript uses it: prints one JSON object for each record or header.
// Arguments: base URL, verb, then the arguments of the request as NAME=VALUE.
const { OaiPmh } = require('oai-pmh')

async function * found (client, verb, options) {
  if (verb === 'GetRecord') yield await client.getRecord(options.identifier, options.metadataPrefix)
  else yield * client[verb === 'ListRecords' ? 'listRecords' : 'listIdentifiers'](options)
}

async function main ([url, verb, ...given]) {
  const options = Object.fromEntries(given.map(one => [one.split('=', 1)[0], one.slice(one.indexOf('=') + 1)]))
  for await (const item of found(new OaiPmh(url), verb, options)) {
    const header = item.header || item
    const title = item.metadata ? item.metadata['oai_dc:dc']['dc:title'] : null
    console.log(JSON.stringify({ identifier: header.identifier, deleted: (header.$ || {}).status === 'deleted', title }))
  }
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.stack)
  process.exitCode = 1
})
