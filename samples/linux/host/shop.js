// The office's shop: makes reports by a shell command. `name` is not checked, which is what the attack uses.
const { exec } = require('node:child_process')
const { createServer } = require('node:http')

createServer((request, response) => {
  const name = new URL(request.url, 'http://shop').searchParams.get('name') ?? 'today'
  exec(`/usr/bin/printf 'report %s\n' ${name}`, { timeout: 8_000 }, (_error, output) => response.end(output))
}).listen(8080, '127.0.0.1')
