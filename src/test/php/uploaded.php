<?php
$name = $_FILES['file']['tmp_name'];
echo is_uploaded_file($name) ? 'uploaded ' : 'strange ';
echo move_uploaded_file($name, sys_get_temp_dir() . '/relais-test-moved') ? 'moved ' : 'stuck ';
echo dirname($name);
@unlink(sys_get_temp_dir() . '/relais-test-moved');
