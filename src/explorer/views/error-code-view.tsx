/** One code of the error catalogue. */
import { NextSteps } from '../answer/answer-view.js';
import { usePage } from '../page.js';

export function ErrorCodeView({ code }: { code: string }) {
  const { errors, say } = usePage();
  const entry = errors.find((each) => each.code === code);
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{code}</h1>
        <p>{say('errorCode')}</p>
      </div>
      <div class="card error">
        {entry === undefined ? (
          <p>{say('unknownCode')}</p>
        ) : (
          <>
            <p class="explanation">{say.sentence(entry.explanation)}</p>
            <p class="chips">
              <span class="chip">{say.category(entry.category)}</span>
              {entry.httpStatus !== '' && <span class="chip">HTTP {entry.httpStatus}</span>}
              <span class="chip">{say(entry.isRetryable ? 'mayHelp' : 'doesNotHelp')}</span>
            </p>
            <NextSteps steps={entry.nextSteps} />
          </>
        )}
      </div>
    </>
  );
}
