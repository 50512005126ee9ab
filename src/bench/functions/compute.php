<?php
// Some milliseconds of computing; ?rounds=<n> for more or less.
for ($i = 0, $hash = '', $rounds = (int) ($_GET['rounds'] ?? 20_000); $i < $rounds; $i++) {
    $hash = md5($hash . $i);
}
echo $hash, "\n";
