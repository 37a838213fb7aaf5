// What the report can do beyond being read: unfold what a link leads to, copy commands, save a case, choose light or dark.
;(() => {
  /** A link into something folded unfolds it (older browsers do not). */
  const reveal = () => {
    let target = null
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    } catch {
      return
    }
    if (!target) return
    if (target.matches('article.case')) target.querySelector('details.whole').open = true
    for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true
    target.scrollIntoView({ block: target.matches('tr, li') ? 'center' : 'start' })
  }
  addEventListener('hashchange', reveal)
  reveal()

  /** Links inside a summary must lead, not fold. */
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('summary a')
    if (link?.hash) {
      event.preventDefault()
      if (location.hash === link.hash) reveal()
      else location.hash = link.hash
    }
  })

  for (const line of document.querySelectorAll('.command-line')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      const code = line.querySelector('pre')
      try {
        await navigator.clipboard.writeText(`${code.textContent.trim()}\n`)
        button.textContent = 'Copied'
      } catch {
        // No clipboard for pages from disk in some browsers: select it instead.
        getSelection().selectAllChildren(code)
        button.textContent = 'Selected'
      }
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 1500)
    })
    line.append(button)
  }

  for (const button of document.querySelectorAll('button.save')) {
    button.hidden = false
    button.addEventListener('click', () => {
      const story = JSON.parse(document.getElementById(`c${button.dataset.case}-data`).textContent)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([`${JSON.stringify(story, null, 2)}\n`], { type: 'application/json' }))
      link.download = 'case.json'
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 1000)
    })
  }

  const theme = document.querySelector('button.theme')
  theme.hidden = false
  theme.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches
    document.documentElement.dataset.theme = dark ? 'light' : 'dark'
  })

  const filter = document.querySelector('.filter')
  if (filter) {
    filter.hidden = false
    filter.addEventListener('input', () => {
      const wanted = filter.value.trim().toLowerCase()
      for (const item of document.querySelectorAll('.sidebar li'))
        item.hidden = !item.textContent.toLowerCase().includes(wanted)
    })
  }

  /** Paper cannot be unfolded. */
  let folded = []
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')]
    for (const details of folded) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false
  })
})()
