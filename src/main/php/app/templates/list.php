<form method="post" action="<?= $e($base) ?>notes">
    <?php if ($error !== null): ?><p role="alert"><?= $e($error) ?></p><?php endif ?>
    <label>New note <input name="text" maxlength="1000" required value="<?= $e($text) ?>"></label>
    <button>Add</button>
</form>
<?php if ($notes === []): ?>
<p>No notes yet.</p>
<?php else: ?>
<ul>
<?php foreach ($notes as $note): ?>
    <li><a href="<?= $e($base) ?>notes/<?= $note->id ?>"><?= $e(preg_replace('/^(.{60}).+$/us', '$1…', $note->text)) ?></a></li>
<?php endforeach ?>
</ul>
<?php endif ?>
