// <paid-form work="/asset/work-….js" busy="…"><form>…<input type=hidden name=work>…</form></paid-form>
//
// Does a small piece of work before an outsider's form is sent, so that a flood
// costs its sender more than the hall. With scripts off the form goes as it is.
import { startWork, type Working } from '../account/work.ts';

class PaidForm extends HTMLElement {
  #working: Working | null = null;

  connectedCallback(): void {
    const form = this.querySelector('form');
    const field = form?.querySelector<HTMLInputElement>('input[name=work]');
    const script = this.getAttribute('work');
    if (!form || !field || !script) return;
    // Begin while the person is still choosing words.
    this.#working = startWork(script, field.value);
    const done = (answer: string): void => {
      if (answer) field.value = answer;
      this.#working = null;
    };
    const finished = this.#working.answer.then(done, () => done(''));
    form.addEventListener('submit', (event) => {
      if (!this.#working) return;
      event.preventDefault();
      if (this.querySelector('[role=status]')) return; // pressed again
      this.#say(this.getAttribute('busy') ?? '');
      void finished.then(() => form.requestSubmit()); // never while a submit event is still on its way: that would be ignored
    });
  }

  #say(words: string): void {
    const p = document.createElement('p');
    p.setAttribute('role', 'status');
    p.textContent = words;
    this.append(p);
  }
}

customElements.define('paid-form', PaidForm);
