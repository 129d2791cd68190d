import type { Shape, Text } from '../../runtime/contract/generated/ocl.v1.ts'
import type { Drawing } from '../../runtime/engine/graphics/jobs.ts'
import { measureTexts } from '../../runtime/engine/graphics/text-layout.ts'
import { drawnText } from '../../runtime/ocl/text.ts'
import type { Posture, Size } from '../../runtime/ocl/types.ts'
import type { Golden } from './golden.ts'

const SIZE = { width: 480, height: 270 }

/** A text in a box, or as large as its words. */
export function text(value: string, more: Partial<Text> = {}, box?: Size, posture: Posture = {}): Drawing {
  const drawn = drawnText({ value, size: 26, ...more }, {}, () => {})
  return { kind: 'text', text: drawn, natural: box ?? measureTexts({ texts: [drawn] })[0], ...posture }
}

const shape = (what: Shape, natural: Size, posture: Posture = {}): Drawing => ({
  kind: 'shape',
  shape: what,
  natural,
  ...posture,
})

/** In columns from the top left downwards. */
function stacked(name: string, drawings: Drawing[], { pitch = 54, columns = 1, scale = 1 } = {}): Golden {
  const rows = Math.ceil(drawings.length / columns)
  const elements = drawings.map((drawing, i) => ({
    x: 20 + 2 * Math.round((Math.floor(i / rows) * SIZE.width) / columns / 2),
    y: 16 + (i % rows) * pitch,
    drawing,
  }))
  return { name, size: SIZE, scale, elements }
}

const LONG = 'Ferry to the islands leaves at half past nine from the east pier'
const BOX = { width: 200, height: 100 }
const DARK = { background: '#10202ecc' }

/** One picture for each way of drawing. */
export const GOLDENS: Golden[] = [
  stacked(
    'text-scripts',
    [
      text('Hafen Ünïcødé ĐŻ'),
      text('Гавань Λιμάνι', { font: 'Inter Bold' }),
      text('港口直播 臺灣'),
      text('東京タワー です'),
      text('부산항 생방송'),
      text('ميناء ١٢٣ Live', { font: 'Inter Bold' }),
      text('נמל חיפה 24°'),
      text('बंदरगाह क्षत्रिय', { font: 'Inter Bold' }),
      text('ท่าเรือน้ำลึก'),
      text('👨‍👩‍👧🇩🇪❤️⚡1️⃣👍🏽☀'),
    ],
    { columns: 2, pitch: 48 },
  ),
  stacked(
    'text-direction',
    [
      text('أهلا بكم في الميناء, 25 °C!', { ...DARK, align: 'right' }, { width: 440, height: 48 }),
      text('Ship Aurora: נמל חיפה (3) today', DARK, { width: 440, height: 48 }),
      text(
        'Ship Aurora: נמל חיפה (3) today',
        { ...DARK, direction: 'rtl', align: 'right' },
        { width: 440, height: 48 },
      ),
      text(
        'تبحر العبارة إلى الجزر في التاسعة والنصف من الرصيف الشرقي',
        { ...DARK, size: 22, align: 'center' },
        { width: 440, height: 76 },
      ),
    ],
    { pitch: 58 },
  ),
  stacked(
    'text-wrap',
    [
      text(LONG, { ...DARK, size: 18 }, { width: 210, height: 110 }),
      text(
        '船は九時半に「東埠頭」から出ます。天気は晴れ、風は弱い。',
        { ...DARK, size: 18 },
        { width: 210, height: 110 },
      ),
      text(LONG, { ...DARK, size: 18, maxLines: 2, lineHeight: 1.6, align: 'center' }, { width: 210, height: 110 }),
      text('เรือออกจากท่าเรือฝั่งตะวันออกเวลาเก้าโมงครึ่ง', { ...DARK, size: 18 }, { width: 210, height: 110 }),
    ],
    { columns: 2, pitch: 124 },
  ),
  stacked(
    'text-fit',
    [
      text(LONG, { ...DARK, fit: 'shrink', size: 60 }, BOX),
      text('Wide', { ...DARK, fit: 'shrink', size: 200, font: 'Inter Black' }, BOX),
      text(LONG, { ...DARK, fit: 'clip', radius: 24, size: 34 }, BOX),
      text('Unbreakable-and-very-long', { fit: 'wrap', size: 20, background: '#10202ecc' }, { width: 160, height: 40 }),
    ],
    { columns: 2, pitch: 122 },
  ),
  stacked(
    'text-looks',
    [
      text('Outline', { font: 'Inter Black', size: 40, outline: { color: '#0b1a28', width: 4 } }),
      text('Shadow', { font: 'Inter Bold', size: 40, shadow: { color: '#000000c0', x: 4, y: 4, blur: 6 } }),
      text('Hollow', { font: 'Inter Black', size: 40, color: '#ffffff00', outline: { color: '#ffd23f', width: 2 } }),
      text('Both 🚢', {
        font: 'Inter Black',
        size: 40,
        outline: { color: '#c1121f', width: 3 },
        shadow: { color: '#000000', x: -6, y: 6 },
      }),
      text('Pill', { background: '#ffd23f', color: '#10202e', padding: { x: 28, y: 4 }, radius: 100, size: 34 }),
      text('Two\nlines', { background: '#0b6e4fcc', align: 'right', radius: 12, lineHeight: 1 }),
      text('ÅỆ ก็ บ์ fjord', { size: 34, lineHeight: 0.8 }),
    ],
    { columns: 2, pitch: 64 },
  ),
  stacked(
    'text-vertical-align',
    (['top', 'middle', 'bottom'] as const).flatMap(verticalAlign => [
      text(verticalAlign, { ...DARK, verticalAlign, size: 20 }, { width: 200, height: 72 }),
      text(
        `${verticalAlign}\npadded`,
        { ...DARK, verticalAlign, size: 18, padding: { x: 20, y: 12 } },
        { width: 200, height: 84 },
      ),
    ]),
    { columns: 2, pitch: 88 },
  ),
  stacked(
    'shapes',
    [
      shape({ type: 'rectangle', color: '#e63946' }, { width: 90, height: 60 }),
      shape({ type: 'rectangle', color: '#ffffff80', radius: 16 }, { width: 90, height: 60 }),
      shape({ type: 'rectangle', radius: 20, stroke: { color: '#ffd23f', width: 6 } }, { width: 90, height: 60 }),
      shape({ type: 'ellipse', color: '#2a9d8f', stroke: { color: '#ffffff', width: 3 } }, { width: 90, height: 60 }),
      shape({ type: 'ellipse', color: '#ffffff' }, { width: 60, height: 60 }),
      shape(
        {
          type: 'rectangle',
          gradient: {
            stops: [
              { at: 0, color: '#0b1a28' },
              { at: 1, color: '#0b1a2800' },
            ],
          },
        },
        { width: 90, height: 60 },
      ),
      shape(
        {
          type: 'rectangle',
          radius: 30,
          gradient: {
            angle: 90,
            stops: [
              { at: 0, color: '#ff006e' },
              { at: 1, color: '#ffbe0b' },
            ],
          },
        },
        { width: 90, height: 60 },
      ),
      shape(
        {
          type: 'ellipse',
          gradient: {
            angle: 45,
            stops: [
              { at: 0, color: '#ff0000' },
              { at: 0.5, color: '#00ff00' },
              { at: 1, color: '#0000ff' },
            ],
          },
        },
        { width: 90, height: 60 },
      ),
      shape(
        { type: 'rectangle', color: '#264653', stroke: { color: '#e9c46a', width: 200 } },
        { width: 90, height: 60 },
      ),
    ],
    { columns: 3, pitch: 82 },
  ),
  {
    name: 'posture',
    size: SIZE,
    elements: [
      {
        x: 40,
        y: 40,
        drawing: shape(
          { type: 'rectangle', color: '#e63946', radius: 8 },
          { width: 100, height: 50 },
          { rotation: 30 },
        ),
      },
      {
        x: 180,
        y: 40,
        drawing: shape({ type: 'rectangle', color: '#ffd23f' }, { width: 100, height: 50 }, { rotation: 90 }),
      },
      {
        x: 296,
        y: 50,
        drawing: text(
          'Turn −12°',
          {
            font: 'Inter Bold',
            background: '#10202e',
            shadow: { color: '#000000', x: 4, y: 4 },
            outline: { color: '#c1121f', width: 2 },
          },
          undefined,
          { rotation: -12 },
        ),
      },
      { x: 40, y: 170, drawing: text('Cropped left', { background: '#0b6e4f' }, undefined, { crop: { left: 0.25 } }) },
      {
        x: 240,
        y: 170,
        drawing: shape(
          { type: 'ellipse', color: '#2a9d8f' },
          { width: 100, height: 60 },
          { crop: { bottom: 0.5, right: 0.2 }, rotation: 20 },
        ),
      },
      {
        x: 380,
        y: 160,
        drawing: { kind: 'qr', qr: { value: 'https://example.org' }, natural: { width: 70, height: 70 }, rotation: 45 },
      },
    ],
  },
  {
    name: 'qr',
    size: SIZE,
    elements: [
      {
        x: 20,
        y: 20,
        drawing: { kind: 'qr', qr: { value: 'https://example.org/live' }, natural: { width: 120, height: 120 } },
      },
      {
        x: 160,
        y: 20,
        drawing: {
          kind: 'qr',
          qr: { value: 'Zürich 東京 ✓', level: 'H', color: '#0b1a28', background: '#ffd23f', margin: 2 },
          natural: { width: 140, height: 120 },
        },
      },
      {
        x: 320,
        y: 20,
        drawing: {
          kind: 'qr',
          qr: {
            value: 'https://example.org/tickets?from=overlay&show=4711',
            level: 'L',
            background: '#ffffff00',
            color: '#ffffff',
          },
          natural: { width: 140, height: 220 },
        },
      },
    ],
  },
]
