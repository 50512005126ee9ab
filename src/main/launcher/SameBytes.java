import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * {@code java SameBytes.java JAR TIME} has two builds of the same sources give the same bytes. In the classes that Quarkus 3.33 generates
 *
 * <ul>
 *   <li>the values that one step of a start hands to another have names such as {@code proxykey1742}, with numbers of one counter for all build
 *       threads (mended in Quarkus by pull request 53025). They are counted anew, in the order in which they stand in the classes; a name keeps
 *       its meaning, since it is changed in all classes alike;
 *   <li>{@code /q/info} has the time of the build. It becomes TIME, and so do the times of the jar's entries.
 * </ul>
 *
 * Nothing else is changed, and a jar that has been changed stays as it is. For {@code install} beside it.
 */
final class SameBytes {
    private static final Pattern NAME = Pattern.compile("proxykey[0-9]+");

    private static final String OF_INFO = "io/quarkus/runner/recorded/InfoProcessor$";
    /** With the fraction of a second that now() has and the time of a commit has not. */
    private static final Pattern NOW = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]+(?:Z|[+-][0-9:]{5})");

    // The tags of a class file's constants, Java Virtual Machine Specification 4.4.
    private static final int TEXT = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private final String time;
    private final LocalDateTime entryTime; // a jar has no time zone
    private final Map<String, String> names = new HashMap<>();

    private SameBytes(String time) {
        this.time = time;
        this.entryTime = LocalDateTime.ofInstant(Instant.parse(time), ZoneOffset.UTC);
    }

    public static void main(String... arguments) throws IOException {
        new SameBytes(arguments[1]).rewrite(Path.of(arguments[0]));
    }

    private void rewrite(Path jar) throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
            Map<String, ZipEntry> entries = new TreeMap<>();
            in.stream().forEach(entry -> entries.put(entry.getName(), entry));
            Map<String, byte[]> contents = new HashMap<>();
            for (ZipEntry entry : entries.values()) {
                String name = entry.getName();
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                contents.put(name, name.endsWith(".class") ? rewrite(bytes, name.startsWith(OF_INFO)) : bytes);
            }
            for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(ZipEntry.class::cast)::iterator) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entryTime); // reading that of the entry would take it into the time zone of who builds
                out.putNextEntry(copy);
                out.write(contents.get(entry.getName()));
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A class with other constants, which may have another length: nothing else in a class file depends on that. */
    private byte[] rewrite(byte[] bytes, boolean ofInfo) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        ByteArrayOutputStream rewritten = new ByteArrayOutputStream(bytes.length + 16);
        DataOutputStream out = new DataOutputStream(rewritten);
        out.writeLong(in.readLong()); // the magic number and the version
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == TEXT) {
                String text = in.readUTF();
                out.writeUTF(ofInfo && NOW.matcher(text).matches() ? time : renamed(text));
            } else {
                out.write(in.readNBytes(size(tag)));
            }
            i += tag == LONG || tag == DOUBLE ? 1 : 0; // these take two numbers
        }
        in.transferTo(out);
        return rewritten.toByteArray();
    }

    private String renamed(String text) {
        if (!NAME.matcher(text).matches()) {
            return text;
        }
        String name = names.get(text);
        if (name == null) {
            name = "proxykey" + (names.size() + 1);
            names.put(text, name);
        }
        return name;
    }

    /** The bytes of a constant after its tag. */
    private static int size(int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case LONG, DOUBLE -> 8;
            default -> throw new IOException("no constant of a class file: " + tag);
        };
    }
}
