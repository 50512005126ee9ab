<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>Notes</title>
<style>body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }</style>
<h1><a href="<?= $e($base === '' ? './' : $base) ?>">Notes</a></h1>
<?= $content ?>
</html>
