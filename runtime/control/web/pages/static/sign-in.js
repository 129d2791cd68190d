import { nextPage, onSubmit, post, revealPasswords } from './form.js'

revealPasswords()
onSubmit(document.getElementById('form'), async ({ username, password }) => {
  await post('/api/v1/session', { username, password })
  location.replace(nextPage())
})
