// Finds faults in the layout of a page: controls that cannot be tapped, overlapping elements, sideways scrolling.

/** The window sizes: small phones, phones with and without browser bars, a laptop. */
export const SIZES = [[320, 568], [375, 553], [390, 664], [390, 844], [1280, 800]];

/**
 * Checks the open page in every size: as it is, with all details open, and with each radio button chosen. The page is not
 * reloaded in between. Returns the faults, each with the sizes in which it was found.
 */
export async function layoutFaults(page, sizes = SIZES) {
  const seen = new Map();
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    for (const fault of await page.evaluate(findFaults)) {
      const at = seen.get(fault) ?? [];
      seen.set(fault, [...at, `${width}×${height}`]);
    }
  }
  return [...seen].map(([fault, at]) => `${fault} (${at.join(', ')})`);
}

/** Runs in the page. */
function findFaults() {
  const root = document.scrollingElement;
  const found = new Set();
  const tolerance = 1;

  const words = (element) => (element.innerText || element.getAttribute('aria-label') || element.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
  const name = (element) => `${element.localName}${element.id && `#${element.id}`}${[...element.classList].map((one) => `.${one}`).join('')} “${words(element)}”`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  // Elements for screen readers only have a size of one pixel.
  const isLargerThanOnePixel = ({ width, height }) => width > tolerance && height > tolerance;

  /** The nearest ancestor that clips or scrolls its content. */
  const clips = new Map([[root, null], [document.body, null], [null, null]]);
  function clippingAncestor(element) {
    if (!clips.has(element)) {
      const { overflowX, position } = getComputedStyle(element);
      clips.set(element, overflowX !== 'visible' ? element : position === 'fixed' ? null : clippingAncestor(element.parentElement));
    }
    return clips.get(element);
  }

  const intersection = (box, outer) => ({
    left: Math.max(box.left, outer.left), right: Math.min(box.right, outer.right),
    top: Math.max(box.top, outer.top), bottom: Math.min(box.bottom, outer.bottom),
  });

  /** The boxes of all lines of text and all fields. A line of text is higher than its letters, so its box is shrunk. */
  function boxes() {
    const all = [];
    const add = (element, rect, inset) => {
      if (!isLargerThanOnePixel(rect)) return;
      const outer = clippingAncestor(element);
      const cut = outer ? intersection(rect, outer.getBoundingClientRect()) : rect;
      if (cut.right - cut.left <= tolerance || cut.bottom - cut.top <= tolerance) return;
      all.push({ element, isClipped: outer !== null, left: cut.left + tolerance, right: cut.right - tolerance, top: cut.top + inset, bottom: cut.bottom - inset });
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
      if (isShown(field)) add(field, field.getBoundingClientRect(), tolerance);
    }
    return all;
  }

  function findOverlaps(all) {
    all.sort((one, other) => one.top - other.top);
    all.forEach((one, at) => {
      for (let next = at + 1; next < all.length && all[next].top < one.bottom; next += 1) {
        const other = all[next];
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - other.top;
        if (wide > tolerance && high > tolerance) found.add(`${name(one.element)} lies over ${name(other.element)}`);
      }
    });
    for (const { element, isClipped, left, right } of all) {
      const out = Math.max(right - root.clientWidth, -left);
      if (!isClipped && out > tolerance) found.add(`${name(element)} sticks out by ${Math.ceil(out)} px`);
    }
  }

  /** Scrolls an element into view as the keyboard focus does. Returns the middle of its first box. */
  function middle(element) {
    const of = () => {
      const rect = [...element.getClientRects()].find(isLargerThanOnePixel);
      return rect && { x: (rect.left + rect.right) / 2, y: (rect.top + rect.bottom) / 2 };
    };
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const is = of();
    if (!is || (is.y >= 0 && is.y < innerHeight)) return is;
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    return of();
  }

  const isHit = (element, hit) => hit && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)));

  function findCovered() {
    root.scrollTop = 0;
    const controls = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
    for (const element of [...controls, ...document.querySelectorAll('.checklist li')]) {
      if (!isShown(element)) continue;
      // Links that are shown only while they have the focus.
      const isHidden = getComputedStyle(element).clipPath !== 'none';
      if (isHidden) element.focus({ preventScroll: true });
      const at = middle(element);
      const hit = at && document.elementFromPoint(at.x, at.y);
      if (at && !isHit(element, hit)) found.add(`${name(element)} is under ${hit ? name(hit) : 'nothing: it is out of sight'}`);
      if (isHidden) element.blur();
    }
    root.scrollTop = 0;
  }

  /** The answers of a check screen never lie over its criteria. */
  function findCoveredCriteria() {
    for (const answerBar of document.querySelectorAll('.answer-bar')) {
      if (!isShown(answerBar)) continue;
      for (const criterion of document.querySelectorAll('.checklist li')) {
        if (!isShown(criterion)) continue;
        criterion.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const over = criterion.getBoundingClientRect().bottom - answerBar.getBoundingClientRect().top;
        if (over > tolerance) found.add(`the answer lies ${Math.ceil(over)} px over ${name(criterion)}`);
      }
    }
    root.scrollTop = 0;
  }

  function findSidewaysScrolling() {
    const over = root.scrollWidth - root.clientWidth;
    if (over <= 0) return;
    const out = [...document.body.querySelectorAll('*')].filter((element) => isShown(element) && !clippingAncestor(element.parentElement) && element.getBoundingClientRect().right > root.clientWidth + 0.5);
    const last = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
    found.add(`it scrolls sideways by ${over} px: ${last.map(name).join(', ')}`);
  }

  // The same layout is not checked twice.
  const checkedLayouts = new Set();
  function check() {
    root.scrollTop = 0;
    const all = boxes();
    const layout = JSON.stringify([root.scrollHeight, all.map(({ left, right, top, bottom }) => [left, right, top, bottom].map(Math.round))]);
    if (checkedLayouts.has(layout)) return;
    checkedLayouts.add(layout);
    findSidewaysScrolling();
    findOverlaps(all);
    findCovered();
    findCoveredCriteria();
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
