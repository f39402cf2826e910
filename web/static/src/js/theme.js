// Runs before the first paint: the reader's own choice of light or dark, kept in a cookie.
const root = document.documentElement
root.dataset.js = ''
const choice = document.cookie.match(/(?:^|; )theme=(light|dark|system)/)
if (choice && choice[1] === 'system') delete root.dataset.theme
else if (choice) root.dataset.theme = choice[1]
