# Obstacles, and the answers to them.

obstacles-title = What stood in the way
obstacles-headline = { $count ->
    [0] Everything that stood in the way is answered.
    [1] One thing that stood in the way waits for an answer.
    [2] Two things that stood in the way wait for an answer.
    [3] Three things that stood in the way wait for an answer.
    [4] Four things that stood in the way wait for an answer.
    [5] Five things that stood in the way wait for an answer.
    [1000] A thousand or more things that stood in the way wait for an answer.
   *[other] { $count } things that stood in the way wait for an answer.
  }
obstacles-none = Nothing has stood in the way so far.
obstacles-no-older = There is nothing older on the board.
obstacles-lead = What kept us from keeping a promise, as it was said when the promise was logged as broken. It is about the work: who logged it is not said here, nor what they noted.
obstacles-waiting = Waiting for an answer
obstacles-answered = Answered
obstacles-answer = Answer
obstacles-answer-again = Answer again
obstacles-earlier = Answered before
obstacles-older = Older
obstacles-newest = Back to the top

## An answer
obstacles-done = Done
obstacles-done-hint = it stands in the way no longer
obstacles-planned = Planned
obstacles-planned-hint = it is decided: say what, and by when
obstacles-not-now = Not for now
obstacles-not-now-hint = it stays as it is: say why, and what to do until then
obstacles-to-board = ‹ What stood in the way
obstacles-answer-lead = Whoever met this reads your answer, and so does everyone inside. It cannot be changed later, but you can answer anew: the newest answer stands, and earlier ones stay in sight.
obstacles-decision = What is done about it?
obstacles-words = In your words
obstacles-words-hint = No names.
obstacles-save = Give this answer
obstacles-answer-given = What was answered
obstacles-left = The check was corrected since, so this is off the board. It needs no answer.
