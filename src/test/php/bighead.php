<?php
for ($i = 0; $i < 100; $i++) {
    header("X-Large-$i: " . str_repeat('x', 1000));
}
echo 'never seen';
