import { onSubmit, post, revealPasswords } from './form.js'

const here = Intl.DateTimeFormat().resolvedOptions().timeZone
const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', here])
document
  .getElementById('timezone')
  .append(...[...zones].sort().map(zone => new Option(zone.replaceAll('_', ' '), zone, zone === here, zone === here)))

revealPasswords()
onSubmit(document.getElementById('form'), async ({ username, password, timezone, locationName }) => {
  await post('/api/v1/setup', { admin: { username, password }, timezone, locationName })
  // Set-up is done once: should this sign-in fail, the sign-in page behind `/` is the place to go on.
  const signedIn = await post('/api/v1/session', { username, password }).then(
    () => true,
    () => false,
  )
  location.replace(signedIn ? '/dashboard' : '/')
})
