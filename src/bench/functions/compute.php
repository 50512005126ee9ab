<?php
// Some milliseconds of computing.
for ($i = 0, $hash = ''; $i < 20_000; $i++) {
    $hash = md5($hash . $i);
}
echo $hash, "\n";
