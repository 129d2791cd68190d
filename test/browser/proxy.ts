import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Settings } from '../../runtime/contract/generated/openapi.v1.ts'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { DESKTOP, look, PHONE } from './browser.ts'

const PASSWORD = 'PROXY-PASSWORD'

/** Entered, wrong in three ways on the way to a Studio, each told with what to do, and taken away. */
export async function proxyOnThePage(page: Page, { api, url: base }: ApplianceProcess): Promise<void> {
  await page.goto(`${base}/dashboard/show`)
  const part = page.getByRole('region', { name: 'Studio' })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const field = (label: string) => page.getByRole('dialog').getByLabel(label)
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' })
  const seen = async (name: string) => {
    for (const size of [PHONE, DESKTOP]) {
      const { content, screen } = await look(page, name, size)
      expect(content, `${name} at ${size.width}`).toBeLessThanOrEqual(screen)
    }
  }
  const enter = async (url: string, login?: { username: string; password: string }) => {
    await part.getByRole('button', { name: 'Proxy' }).click()
    await field('Address').fill(url)
    if (login) {
      await field('User name').fill(login.username)
      await field('Password').fill(login.password)
    }
    await seen('proxy-form')
    await button('Save').click()
    await closed()
  }
  const pairing = async (says: RegExp, name: string) => {
    await part.getByRole('button', { name: 'Pair with a Studio' }).click()
    await field('Address of the Studio').fill('https://localhost:9')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Code' }).fill('ABCD-2345')
    await button('Pair').click()
    await page.getByRole('dialog').getByText(says).waitFor()
    await seen(name)
    await button('Cancel').click()
    await closed()
  }
  const proxy = new ConnectProxy('box', PASSWORD)
  try {
    const url = await proxy.start()
    await enter('http://127.0.0.1:9')
    await pairing(/Proxy under Studio; empty for none/, 'obstacle-proxy')
    await enter(url, { username: 'box', password: 'wrong' })
    await pairing(/user name and the password of the proxy/, 'obstacle-proxy-login')
    await enter(url, { username: 'box', password: PASSWORD })
    await pairing(/The proxy opens no way to localhost:9/, 'obstacle-refused')
    expect(await api.get('/settings')).toMatchObject({ proxy: { url, username: 'box' } })
    // What is kept does not come back into the form.
    await part.getByRole('button', { name: 'Proxy' }).click()
    expect(await field('Password').inputValue()).toBe('')
    await field('User name').fill('')
    await button('Save').click()
    await closed()
    expect((await api.get<Settings>('/settings')).proxy).toEqual({ url })
    await part.getByRole('button', { name: 'Proxy' }).click()
    await field('Address').fill('')
    await button('Save').click()
    await closed()
    expect(await api.get('/settings')).not.toHaveProperty('proxy')
  } finally {
    await proxy.stop()
  }
}
