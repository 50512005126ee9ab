<?php
// Runs the function's usual script for each request.
return function (): void {
    require $_SERVER['SCRIPT_FILENAME'];
};
