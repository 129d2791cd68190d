/** What a browser sees while Node-RED starts; it asks again by itself, without a script, so any content policy allows it. */
export const restartingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>VistterStream: starting again</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #0b1016; color: #e8eef5;
  font: 16px/1.5 system-ui, sans-serif }
main { max-width: 26rem; padding: 2rem; text-align: center }
h1 { font-size: 1.25rem; margin: 0 0 .5rem }
p { margin: 0; color: #a9b7c6 }
</style>
</head>
<body>
<main>
<h1>The editor is starting again</h1>
<p>The program stays on air meanwhile. This page comes back by itself in a few seconds.</p>
</main>
</body>
</html>
`
