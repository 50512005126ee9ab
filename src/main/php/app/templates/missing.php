<p>There is no <code><?= $e($path) ?></code> here.</p>
