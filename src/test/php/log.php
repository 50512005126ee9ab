<?php
error_log("first line\nforged \x1b[31mline");
file_put_contents('php://stderr', "from stderr\n");
echo 'logged';
