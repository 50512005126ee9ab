<?php
header('Content-Type: text/plain; charset=UTF-8');
echo date(DATE_ATOM), "\n";
