import { refreshPart } from './refresh.ts';
import { suggestFor } from './suggest.ts';

/** Results while one types. The address follows, so that the page can be shared and reloaded. */
const pauseMs = 250;

const form = document.querySelector<HTMLFormElement>('form.search-form');
if (form) searchAsTyped(form);

function searchAsTyped(form: HTMLFormElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = new AbortController();
  const search = async () => {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    const url = `${form.getAttribute('action')}?${queryOf(form)}`;
    try {
      await refreshPart('#results', url, asked.signal);
      history.replaceState(null, '', url);
    } catch (error) {
      // Superseded by a newer search, or the network is away: the button still works.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, pauseMs);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void search();
  });
  const [input, list] = [form.querySelector('input'), form.querySelector<HTMLElement>('[role=listbox]')];
  if (input && list) suggestFor(input, list, () => void search());
}

function queryOf(form: HTMLFormElement): URLSearchParams {
  const filled = [...new FormData(form)].filter(([, value]) => value !== '') as [string, string][];
  return new URLSearchParams(filled);
}
