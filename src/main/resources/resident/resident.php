<?php

declare(strict_types=1);

// The boot of a resident function, in the scope of globals and without any variable of its own.
\Relais\Resident\Loop::boot();
\Relais\Resident\FrankenPhp::boot();
\Relais\Resident\Loop::serve(
    \Relais\Resident\Loop::told('RELAIS_WAY') === 'application'
        ? \Relais\Resident\Applications::boot(\Relais\Resident\Loop::told('RELAIS_FOLDER'))
        : require \Relais\Resident\Loop::told('RELAIS_SCRIPT')
);
