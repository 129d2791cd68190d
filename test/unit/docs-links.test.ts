import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs]
const texts = new Map(pages.map(page => [page, readFileSync(join(root, page), 'utf8')]))

/** What a page shows as code is no link. */
const words = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** As GitHub names a heading in an address. */
const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

function anchorsOf(page: string): string[] {
  const text = (texts.get(page) ?? '').replace(/^```[\s\S]*?^```/gm, '')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading))
}

const linksOf = (page: string): string[] => [...words(texts.get(page) ?? '').matchAll(LINK)].map(([, target]) => target)

/** The page or file that a link within the project leads to, from the project's folder. */
const targetOf = (page: string, link: string): string => {
  const [path] = link.split('#')
  return path ? relative(root, resolve(root, dirname(page), path)) : page
}

const isOutside = (link: string): boolean => /^[a-z]+:/.test(link)

test('every link in the documentation leads to something that is there', () => {
  const broken = pages.flatMap(page =>
    linksOf(page)
      .filter(link => !isOutside(link))
      .filter(link => {
        const [target, anchor] = [targetOf(page, link), link.split('#')[1]]
        if (!existsSync(join(root, target))) return true
        return anchor !== undefined && texts.has(target) && !anchorsOf(target).includes(anchor)
      })
      .map(link => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

test('every page of the documentation can be reached from the README', () => {
  const reached = new Set<string>(['README.md'])
  for (const page of reached) {
    const targets = linksOf(page).filter(link => !isOutside(link))
    for (const target of targets.map(link => targetOf(page, link))) if (texts.has(target)) reached.add(target)
  }
  expect(docs.filter(page => !reached.has(page))).toEqual([])
})
