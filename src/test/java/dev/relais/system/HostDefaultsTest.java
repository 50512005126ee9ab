package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class HostDefaultsTest {
    /** What Quarkus keeps of a build on a machine of another size, by a JVM. */
    private static final Map<String, String> RECORDED =
            Map.of(HostDefaults.LOOPS, "99", HostDefaults.TRANSPORT, "true");

    /** With every setting of the library off, as the application's own file and Quarkus' defaults have it. */
    private static SmallRyeConfig config(int processors, boolean executable, Map<String, String> set) {
        Map<String, String> off = new java.util.HashMap<>();
        HostDefaults.OF_THE_LIBRARY.forEach(name -> off.put(name, "false"));
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(RECORDED, "Runtime Values", 0))
                .withSources(new PropertiesConfigSource(off, "the application", 250))
                .withSources(new PropertiesConfigSource(set, "the operator", 300));
        HostDefaults.add(builder, processors, executable);
        return builder.build();
    }

    private static boolean usesTheLibrary(boolean executable, Map<String, String> set) {
        return config(2, executable, set).getValue(HostDefaults.TRANSPORT, Boolean.class);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,2,1", "4,2,2", "5,2,2", "6,3,3", "64,32,32"})
    void thereIsOneEventLoopForTwoProcessorsAndOnAJvmTwoForTwo(int processors, int ofAJvm, int ofAnExecutable) {
        assertEquals(ofAJvm, config(processors, false, Map.of()).getValue(HostDefaults.LOOPS, Integer.class));
        assertEquals(ofAnExecutable, config(processors, true, Map.of()).getValue(HostDefaults.LOOPS, Integer.class));
    }

    @Test
    void aJvmUsesNettysLibraryAndAnExecutableTheSocketsOfTheJdk() {
        assertEquals(true, usesTheLibrary(false, Map.of()));
        assertEquals(false, usesTheLibrary(true, Map.of()));
    }

    @ParameterizedTest
    @FieldSource("dev.relais.system.HostDefaults#OF_THE_LIBRARY")
    void anExecutableUsesTheLibraryForASettingThatOnlyItHas(String setting) {
        assertEquals(true, usesTheLibrary(true, Map.of(setting, "true")));
        assertEquals(true, usesTheLibrary(true, Map.of(setting, " On ")), "another word for true");
        assertEquals(true, usesTheLibrary(true, Map.of("%prod." + setting, "true")), "of the profile that runs");
        assertEquals(false, usesTheLibrary(true, Map.of("%dev." + setting, "true")), "of another profile");
        assertEquals(false, usesTheLibrary(true, Map.of(setting, "False ")));
    }

    @Test
    void whatTheOperatorSetsIsAboveBoth() {
        Map<String, String> set = Map.of(HostDefaults.LOOPS, "7", HostDefaults.TRANSPORT, "true");
        SmallRyeConfig config = config(2, true, set);
        assertEquals(7, config.getValue(HostDefaults.LOOPS, Integer.class));
        assertEquals(true, usesTheLibrary(true, set));
        assertEquals(
                false,
                usesTheLibrary(true, Map.of(HostDefaults.TRANSPORT, "false", "quarkus.http.so-reuse-port", "true")));
    }
}
