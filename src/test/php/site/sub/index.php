<?php
require dirname(__DIR__) . '/show.inc';
