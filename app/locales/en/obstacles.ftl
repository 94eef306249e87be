# Obstacles, and the answers to them.

obstacles-title = Obstacles
obstacles-headline = { $count ->
    [0] Every obstacle has an answer.
    [1] One obstacle waits for an answer.
    [2] Two obstacles wait for an answer.
    [3] Three obstacles wait for an answer.
    [4] Four obstacles wait for an answer.
    [5] Five obstacles wait for an answer.
    [1000] A thousand or more obstacles wait for an answer.
   *[other] { $count } obstacles wait for an answer.
  }
obstacles-none = No obstacle has been reported yet.
obstacles-no-older = There are no older obstacles.
obstacles-lead = What kept us from keeping a promise, as reported with the check. This is about the work: neither names nor notes are shown here.
obstacles-waiting = Waiting for an answer
obstacles-answered = Answered
obstacles-answer = Answer
obstacles-answer-again = Answer again
obstacles-earlier = Earlier answers
obstacles-older = Older
obstacles-newest = Back to the top

## An answer
obstacles-done = Done
obstacles-done-hint = it is no longer in the way
obstacles-planned = Planned
obstacles-planned-hint = decided: say what will be done, and by when
obstacles-not-now = Not now
obstacles-not-now-hint = it stays as it is: say why, and what to do until then
obstacles-to-board = ‹ Obstacles
obstacles-answer-lead = The whole team reads your answer. It cannot be changed later, but you can answer again: the newest answer counts, and earlier ones stay visible.
obstacles-decision = What will you do about it?
obstacles-words = Your answer
obstacles-words-hint = No names.
obstacles-save = Save answer
obstacles-answer-given = Answers
obstacles-left = The check has been corrected since, so this obstacle is no longer listed. It needs no answer.
