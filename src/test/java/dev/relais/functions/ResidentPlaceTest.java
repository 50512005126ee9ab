package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidentPlaceTest {
    @Test
    void theProjectIsTheFolderAboveTheOneThatIsServed() {
        assertEquals(Path.of("/srv/shop"), new ResidentPlace(Path.of("/srv/shop/public"), null).project());
        assertEquals(Path.of("/srv/shop"), new ResidentPlace(Path.of("/srv/shop/web"), null).project());
        assertEquals(Path.of("/srv/shop"), new ResidentPlace(Path.of("/srv/shop"), null).project());
    }

    @ParameterizedTest
    @CsvSource({
        "/srv/shop/public/index.php, true",
        "/srv/shop/src/Kernel.php, true",
        "/srv/shop/vendor/a/b/C.php, true",
        "/srv/shop/templates/page.html.twig, true",
        "/srv/shop/.env.local, true",
        "/srv/shop/var/cache/prod/Container.php, false",
        "/srv/shop/storage/framework/views/1.php, false",
        "/srv/shop/bootstrap/cache/services.php, false",
        "/srv/shop/public/uploads/picture.png, false",
        "/srv/shop, false",
        "/srv/shopping/a.php, false",
        "/srv/other/a.php, false"
    })
    void whatItReadsAtItsBootIsCode(Path file, boolean code) {
        assertEquals(code, new ResidentPlace(Path.of("/srv/shop/public"), null).isCode(file));
    }
}
