// What is wrong with how a page is laid out: what cannot be tapped, what lies over something else, what makes it scroll sideways.

/** The windows that pages are laid out in: small phones, phones with their bars, a laptop. */
export const SIZES = [[320, 568], [375, 553], [390, 664], [390, 844], [1280, 800]];

/**
 * Looks at the open page in every size: as it comes, with everything unfolded, and with every radio chosen. Nothing is
 * loaded again in between. Says what is wrong, and where it was seen.
 */
export async function faults(page, sizes = SIZES) {
  const seen = new Map();
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    for (const fault of await page.evaluate(look)) {
      const at = seen.get(fault) ?? [];
      seen.set(fault, [...at, `${width}×${height}`]);
    }
  }
  return [...seen].map(([fault, at]) => `${fault} (${at.join(', ')})`);
}

/** Runs in the page. */
function look() {
  const root = document.scrollingElement;
  const found = new Set();
  const near = 1;

  const words = (element) => (element.innerText || element.getAttribute('aria-label') || element.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
  const name = (element) => `${element.localName}${element.id && `#${element.id}`}${[...element.classList].map((one) => `.${one}`).join('')} “${words(element)}”`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  // What is there for those who listen has one pixel.
  const hasRoom = ({ width, height }) => width > near && height > near;

  /** The nearest ancestor by which what does not fit is cut off or scrolled. */
  const frames = new Map([[root, null], [document.body, null], [null, null]]);
  function frame(element) {
    if (!frames.has(element)) {
      const { overflowX, position } = getComputedStyle(element);
      frames.set(element, overflowX !== 'visible' ? element : position === 'fixed' ? null : frame(element.parentElement));
    }
    return frames.get(element);
  }

  const within = (box, outer) => ({
    left: Math.max(box.left, outer.left), right: Math.min(box.right, outer.right),
    top: Math.max(box.top, outer.top), bottom: Math.min(box.bottom, outer.bottom),
  });

  /** Everything that is read or filled in, line by line: where it stands. Letters are lower than their line. */
  function boxes() {
    const all = [];
    const add = (element, rect, inset) => {
      if (!hasRoom(rect)) return;
      const outer = frame(element);
      const cut = outer ? within(rect, outer.getBoundingClientRect()) : rect;
      if (cut.right - cut.left <= near || cut.bottom - cut.top <= near) return;
      all.push({ element, framed: outer !== null, left: cut.left + near, right: cut.right - near, top: cut.top + inset, bottom: cut.bottom - inset });
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const element = text.parentElement;
      if (!text.data.trim() || element.closest('script, style, noscript, textarea, select, datalist') || !isShown(element)) continue;
      range.selectNodeContents(text);
      for (const rect of range.getClientRects()) add(element, rect, rect.height / 5);
    }
    for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea, img')) {
      if (isShown(field)) add(field, field.getBoundingClientRect(), near);
    }
    return all;
  }

  function overlaps(all) {
    all.sort((one, other) => one.top - other.top);
    all.forEach((one, at) => {
      for (let next = at + 1; next < all.length && all[next].top < one.bottom; next += 1) {
        const other = all[next];
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - other.top;
        if (wide > near && high > near) found.add(`${name(one.element)} lies over ${name(other.element)}`);
      }
    });
    for (const { element, framed, left, right } of all) {
      const out = Math.max(right - root.clientWidth, -left);
      if (!framed && out > near) found.add(`${name(element)} stands out by ${Math.ceil(out)} px`);
    }
  }

  /** The middle of the first rectangle of something that was scrolled into view, as whoever goes by keys does. */
  function middle(element) {
    const of = () => {
      const rect = [...element.getClientRects()].find(hasRoom);
      return rect && { x: (rect.left + rect.right) / 2, y: (rect.top + rect.bottom) / 2 };
    };
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const is = of();
    if (!is || (is.y >= 0 && is.y < innerHeight)) return is;
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    return of();
  }

  const isMeant = (element, hit) => hit && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)));

  function covered() {
    root.scrollTop = 0;
    const controls = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
    for (const element of [...controls, ...document.querySelectorAll('.look li')]) {
      if (!isShown(element)) continue;
      // What only whoever goes by keys sees is seen when they are there.
      const isHidden = getComputedStyle(element).clipPath !== 'none';
      if (isHidden) element.focus({ preventScroll: true });
      const at = middle(element);
      const hit = at && document.elementFromPoint(at.x, at.y);
      if (at && !isMeant(element, hit)) found.add(`${name(element)} is under ${hit ? name(hit) : 'nothing: it is out of sight'}`);
      if (isHidden) element.blur();
    }
    root.scrollTop = 0;
  }

  /** What is to be looked for can be read before it is answered: the answer comes after it and never lies over it. */
  function answered() {
    for (const acts of document.querySelectorAll('.acts')) {
      if (!isShown(acts)) continue;
      for (const criterion of document.querySelectorAll('.look li')) {
        if (!isShown(criterion)) continue;
        criterion.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const over = criterion.getBoundingClientRect().bottom - acts.getBoundingClientRect().top;
        if (over > near) found.add(`the answer lies ${Math.ceil(over)} px over ${name(criterion)}`);
      }
    }
    root.scrollTop = 0;
  }

  function sideways() {
    const over = root.scrollWidth - root.clientWidth;
    if (over <= 0) return;
    const out = [...document.body.querySelectorAll('*')].filter((element) => isShown(element) && !frame(element.parentElement) && element.getBoundingClientRect().right > root.clientWidth + 0.5);
    const last = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
    found.add(`it scrolls sideways by ${over} px: ${last.map(name).join(', ')}`);
  }

  // What looks as it has looked before is not looked at again.
  const looks = new Set();
  function check() {
    root.scrollTop = 0;
    const all = boxes();
    const now = JSON.stringify([root.scrollHeight, all.map(({ left, right, top, bottom }) => [left, right, top, bottom].map(Math.round))]);
    if (looks.has(now)) return;
    looks.add(now);
    sideways();
    overlaps(all);
    covered();
    answered();
  }

  check();
  const folded = [...document.querySelectorAll('details:not([open])')];
  for (const details of folded) details.open = true;
  check();
  const radios = [...document.querySelectorAll('input[type=radio]:not(:disabled)')];
  const chosen = radios.filter((radio) => radio.checked);
  const groups = Map.groupBy(radios, ({ form, name }) => `${[...document.forms].indexOf(form)} ${name}`);
  const most = Math.max(0, ...[...groups.values()].map(({ length }) => length));
  for (let turn = 0; turn < most; turn += 1) {
    for (const group of groups.values()) group[turn % group.length].checked = true;
    check();
  }
  for (const radio of radios) radio.checked = chosen.includes(radio);
  for (const details of folded) details.open = false;
  return [...found];
}
