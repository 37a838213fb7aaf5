import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isZoneName, offsetAt, type Zone } from './local-zone.ts'

const local = (text: string): number => Date.parse(`${text}:00Z`) / 60_000
const utc = (text: string, zone: Zone): string =>
  new Date((local(text) - offsetAt(zone, local(text))) * 60_000).toISOString().slice(0, 16)

describe('the wall clock of a zone', () => {
  it('follows summer time', () => {
    assert.equal(utc('2024-03-31T01:59', 'Europe/Berlin'), '2024-03-31T00:59')
    assert.equal(utc('2024-03-31T03:00', 'Europe/Berlin'), '2024-03-31T01:00')
    assert.equal(utc('2024-10-27T01:59', 'Europe/Berlin'), '2024-10-26T23:59')
    assert.equal(utc('2024-10-27T03:00', 'Europe/Berlin'), '2024-10-27T02:00')
    assert.equal(utc('2024-01-15T12:00', 'Australia/Sydney'), '2024-01-15T01:00')
    assert.equal(utc('2024-07-15T12:00', 'Australia/Sydney'), '2024-07-15T02:00')
  })
  it('reads an hour that comes twice as the first', () => {
    assert.equal(utc('2024-10-27T02:00', 'Europe/Berlin'), '2024-10-27T00:00')
    assert.equal(utc('2024-10-27T02:59', 'Europe/Berlin'), '2024-10-27T00:59')
    assert.equal(utc('2024-11-03T01:30', 'America/New_York'), '2024-11-03T05:30')
  })
  it('reads an hour that the clock skips with the offset before the change', () => {
    assert.equal(utc('2024-03-31T02:00', 'Europe/Berlin'), '2024-03-31T01:00')
    assert.equal(utc('2024-03-31T02:59', 'Europe/Berlin'), '2024-03-31T01:59')
    assert.equal(utc('2024-03-10T02:30', 'America/New_York'), '2024-03-10T07:30')
  })
  it('follows changes of half an hour and of a whole day', () => {
    assert.equal(utc('2024-04-07T01:29', 'Australia/Lord_Howe'), '2024-04-06T14:29')
    assert.equal(utc('2024-04-07T01:45', 'Australia/Lord_Howe'), '2024-04-06T14:45')
    assert.equal(utc('2024-04-07T02:00', 'Australia/Lord_Howe'), '2024-04-06T15:30')
    assert.equal(utc('2011-12-29T23:59', 'Pacific/Apia'), '2011-12-30T09:59')
    assert.equal(utc('2011-12-31T00:00', 'Pacific/Apia'), '2011-12-30T10:00')
  })
  it('is no more than an offset when the zone is one', () => {
    assert.equal(offsetAt(-330, 0), -330)
  })
  it('has no offset beyond what dates can hold', () => {
    assert.ok(Number.isNaN(offsetAt('Europe/Berlin', 1e15)))
  })

  it('property: a moment outside the hours of a change is read back', () => {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/St_Johns',
      dateStyle: 'short',
      timeStyle: 'short',
    })
    const year = { min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) }
    fc.assert(
      fc.property(fc.integer(year), (moment) => {
        const minute = Math.floor(moment / 60_000) * 60_000
        const shown = clock.format(minute).replace(' ', 'T')
        const again = clock.format(minute - 3_600_000).replace(' ', 'T')
        fc.pre(shown !== again)
        assert.equal(utc(shown, 'America/St_Johns'), new Date(minute).toISOString().slice(0, 16))
      }),
    )
  })
})

describe('a name of a zone', () => {
  it('is one that the time zone database has', () => {
    for (const name of ['Europe/Berlin', 'Etc/GMT+5', 'EST5EDT', 'Asia/Kolkata', 'America/Port-au-Prince'])
      assert.ok(isZoneName(name), name)
    for (const name of ['Mars', 'Europe/Atlantis', '+02:00', '', 'Europe/Berlin/x/y', '__proto__'])
      assert.ok(!isZoneName(name), name)
  })
})
