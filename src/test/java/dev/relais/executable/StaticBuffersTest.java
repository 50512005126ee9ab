package dev.relais.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * No static field holds a buffer, not even inside of one of our own objects: static fields get their values when an executable is built,
 * and a buffer of Netty must not be among them, so that the build fails.
 */
class StaticBuffersTest {
    @Test
    void noStaticFieldHoldsABuffer() {
        List<String> holding = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.relais").stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(field -> holds(field.getRawType(), new HashSet<>()))
                        .map(JavaField::getFullName)
                        .toList();
        assertEquals(List.of(), holding);
    }

    private static boolean holds(JavaClass type, Set<JavaClass> seen) {
        String packageName = type.getPackageName();
        if (packageName.equals("io.netty.buffer") || packageName.equals("io.vertx.core.buffer")) {
            return true;
        }
        return packageName.startsWith("dev.relais")
                && seen.add(type)
                && type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .anyMatch(field -> holds(field.getRawType(), seen));
    }
}
