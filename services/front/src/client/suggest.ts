import type { http } from '@afk/contracts';

/** How long the typing must rest before it is asked how it may go on, ms: less than for results. */
const pauseMs = 120;

/**
 * A list of suggestions under a field: an editable combobox as ARIA describes it
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). The arrows choose, Enter or a click takes, Escape closes.
 *
 * @param take is called once the field holds what was chosen
 */
export function suggestFor(input: HTMLInputElement, list: HTMLElement, take: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = new AbortController();
  let chosen = -1;
  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[role=option]')];

  const choose = (n: number) => {
    chosen = n;
    for (const [i, option] of options().entries()) option.setAttribute('aria-selected', String(i === n));
    const option = options()[n];
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const show = (items: http.Suggestions['items']) => {
    list.replaceChildren(...items.map(optionOf));
    list.hidden = items.length === 0;
    input.setAttribute('aria-expanded', String(items.length > 0));
    choose(-1);
  };
  const close = () => {
    clearTimeout(timer);
    asked.abort();
    show([]);
  };
  const pick = (option: HTMLElement) => {
    input.value = option.dataset['text'] ?? '';
    close();
    take();
  };
  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    show(await suggestionsFor(input.value, signal));
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    // Superseded, or away: the field is a field without it, too.
    timer = setTimeout(() => void ask().catch(() => undefined), pauseMs);
  });
  input.addEventListener('keydown', (event) => {
    const { length } = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length > 0) choose(((chosen + step + length + 2) % (length + 1)) - 1);
    else if (event.key === 'Escape' && length > 0) close();
    else if (event.key === 'Enter' && chosen >= 0) pick(options()[chosen]!);
    else {
      if (event.key === 'Enter') close();
      return;
    }
    event.preventDefault();
  });
  input.addEventListener('blur', close);
  // Before the field loses its focus, and the list with it.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = (event.target as HTMLElement).closest<HTMLElement>('[role=option]');
    if (option) pick(option);
  });
  const role = {
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
  };
  for (const [name, value] of Object.entries(role)) input.setAttribute(name, value);
}

async function suggestionsFor(q: string, signal: AbortSignal): Promise<http.Suggestions['items']> {
  if (!q.trim()) return [];
  const response = await fetch(`/api/v1/search/suggest?${new URLSearchParams({ q })}`, { signal });
  return response.ok ? ((await response.json()) as http.Suggestions).items : [];
}

function optionOf({ text, kind, headlines }: http.Suggestions['items'][number], n: number): HTMLElement {
  const option = document.createElement('li');
  option.setAttribute('role', 'option');
  option.id = `suggestion-${n}`;
  option.dataset['text'] = text;
  option.append(text);
  const about = document.createElement('span');
  about.textContent = kind === 'story' ? `story, ${headlines}` : String(headlines);
  option.append(' ', about);
  return option;
}
