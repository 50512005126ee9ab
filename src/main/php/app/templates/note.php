<article>
    <p><?= nl2br($e($note->text)) ?></p>
    <p><small>Note <?= $note->id ?>, <?= $e($note->time) ?></small></p>
</article>
