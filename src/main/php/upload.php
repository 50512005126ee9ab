<?php
// /api/upload: GET shows a form, POST tells what arrived. PHP deletes the uploaded files at the end of the request.
declare(strict_types=1);

if (!in_array($_SERVER['REQUEST_METHOD'], ['GET', 'HEAD', 'POST'], true)) {
    http_response_code(405);
    header('Allow: GET, HEAD, POST');
    return;
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    header('Content-Type: text/html; charset=utf-8');
    ?>
<!doctype html>
<html lang="en">
<title>Upload</title>
<form method="post" enctype="multipart/form-data">
    <label>Files <input type="file" name="files[]" multiple required></label>
    <button>Upload</button>
</form>
</html>
<?php
    return;
}

/** The problem with an upload, or null. */
function problem(int $error): ?string
{
    return match ($error) {
        UPLOAD_ERR_OK => null,
        UPLOAD_ERR_INI_SIZE, UPLOAD_ERR_FORM_SIZE => 'larger than upload_max_filesize',
        UPLOAD_ERR_PARTIAL => 'arrived in part',
        UPLOAD_ERR_NO_FILE => 'no file was chosen',
        default => 'could not be stored',
    };
}

$files = [];
$failed = false;
foreach ($_FILES as $field => $upload) {
    // name="files[]" gives lists, name="file" single values; deeper nesting is not for this example.
    foreach ((array) $upload['name'] as $key => $name) {
        $error = ((array) $upload['error'])[$key];
        $path = ((array) $upload['tmp_name'])[$key];
        if (!is_string($name) || !is_int($error) || !is_string($path)) {
            continue;
        }
        $problem = problem($error);
        $failed = $failed || $problem !== null;
        $files[] = ['field' => $field, 'name' => $name] + ($problem === null
            ? ['size' => filesize($path), 'sha256' => hash_file('sha256', $path)]
            : ['error' => $problem]);
    }
}

header('Content-Type: application/json');
if ($failed || $files === []) {
    http_response_code(400);
}
echo json_encode(
    $files === [] ? ['error' => 'no file arrived: send multipart/form-data within post_max_size'] : ['files' => $files],
    JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR,
);
