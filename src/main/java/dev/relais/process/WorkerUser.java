package dev.relais.process;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The user that PHP runs as (src/docs/facts.md, fact 15). It is another user when the gateway runs as root, and otherwise the
 * gateway's own. Immutable.
 *
 * @param switched whether it is another user than the gateway's, which FPM then has to switch to
 * @param name its name, or its id where the system knows no name
 * @param uid its user id
 * @param group the name of the group it runs with
 * @param groups the ids of all groups it runs with
 */
public record WorkerUser(boolean switched, String name, int uid, String group, Set<Integer> groups) {
    private static final String USER = "relais.workers.user";
    private static final String GROUP = "relais.workers.group";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    public WorkerUser {
        groups = Set.copyOf(groups);
        if (switched && uid == 0) {
            throw new IllegalArgumentException("PHP never runs as root");
        }
    }

    /**
     * Resolves the user, by {@code id} and so by whatever name service the host has. Blocks.
     *
     * @param self the user that the gateway runs as
     * @throws ConfigurationProblem when a configured user or group does not exist, is root, or needs root to switch to
     */
    public static WorkerUser resolve(Optional<String> user, Optional<String> group, Self self, Command command) {
        user.ifPresent(name -> checkName(USER, name));
        group.ifPresent(name -> checkName(GROUP, name));
        return self.uid() == 0 ? another(user, group, command) : own(user, group, self, command);
    }

    /** Whether PHP runs as another user than the gateway, which is possible only when the gateway is root. */
    public static boolean switches() throws IOException {
        return Self.read().uid() == 0;
    }

    private static WorkerUser own(Optional<String> user, Optional<String> group, Self self, Command command) {
        // A container may run as any id, which has no name without an entry in passwd.
        Command.Running asksName = command.begin(List.of("id", "-un"));
        Command.Running asksGroup = command.begin(List.of("id", "-gn"));
        String name = answer(asksName).orElse(String.valueOf(self.uid()));
        String groupName = answer(asksGroup).orElse(String.valueOf(self.gid()));
        checkOwn(USER, user, name, self.uid(), "the gateway runs as " + name + ", which cannot switch users");
        checkOwn(
                GROUP,
                group,
                groupName,
                self.gid(),
                "the gateway runs with group " + groupName + ", which cannot switch groups");
        return new WorkerUser(false, name, self.uid(), groupName, self.groups());
    }

    /** Whoever is not root can name only the user and the group that the gateway has, by name or number. */
    private static void checkOwn(String key, Optional<String> wanted, String name, int id, String problem) {
        if (wanted.isPresent() && !wanted.get().equals(name) && !wanted.get().equals(String.valueOf(id))) {
            throw new ConfigurationProblem(key, wanted.get(), problem, "remove the key, or start as root");
        }
    }

    private static WorkerUser another(Optional<String> user, Optional<String> group, Command command) {
        for (String name : user.map(List::of).orElse(List.of("www-data", "nobody"))) {
            // At once, since each of them is a process.
            Command.Running asksUser = command.begin(List.of("id", "-u", name));
            Command.Running asksGroups = command.begin(List.of("id", "-G", name));
            Command.Running asksGroup = command.begin(List.of("id", "-gn", name));
            Optional<String> uid = answer(asksUser);
            Optional<String> groupIds = answer(asksGroups);
            Optional<String> usualGroup = answer(asksGroup);
            if (uid.isEmpty()) {
                continue;
            }
            if (Integer.parseInt(uid.get()) == 0) {
                throw new ConfigurationProblem(
                        USER, name, "is root, and PHP never runs as root", "name an ordinary user");
            }
            Set<Integer> groups = new TreeSet<>(numbers(groupIds.orElse("")));
            String groupName = group.orElseGet(() -> usualGroup.orElse(name));
            if (group.isPresent() || groups.isEmpty()) { // the user's own is among its groups
                groups.add(groupNumber(groupName, command));
            }
            return new WorkerUser(true, name, Integer.parseInt(uid.get()), groupName, groups);
        }
        throw new ConfigurationProblem(
                USER,
                user.orElse(null),
                user.isPresent() ? "there is no such user" : "there is neither www-data nor nobody",
                "create the user or name another one");
    }

    private static int groupNumber(String group, Command command) {
        Optional<String> line = ask(command, "getent", "group", group);
        if (line.isEmpty()) {
            // Small images have no getent.
            try {
                line = Files.readAllLines(Path.of("/etc/group")).stream()
                        .filter(l -> l.startsWith(group + ":"))
                        .findFirst();
            } catch (IOException e) {
                line = Optional.empty();
            }
        }
        String[] fields = line.orElse("").split(":");
        if (fields.length < 3 || !fields[2].matches("\\d{1,9}")) {
            throw new ConfigurationProblem(
                    GROUP, group, "there is no such group", "create the group or name another one");
        }
        return Integer.parseInt(fields[2]);
    }

    private static void checkName(String key, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationProblem(key, name, "is no such name", "use letters, digits, dots, - and _");
        }
    }

    private static Optional<String> ask(Command command, String... words) {
        return answer(command.begin(List.of(words)));
    }

    private static Optional<String> answer(Command.Running command) {
        Command.Result result = command.result();
        return result.ok() && !result.output().isEmpty() ? Optional.of(result.output()) : Optional.empty();
    }

    private static Set<Integer> numbers(String words) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (String word : words.strip().split("\\s+")) {
            if (word.matches("\\d{1,9}")) {
                numbers.add(Integer.parseInt(word));
            }
        }
        return numbers;
    }

    /**
     * Whether this user could list a directory and open what is in it, by the permission bits of it and of each directory above
     * its real path. Access control lists and security modules are not considered, so that either answer may be wrong where
     * they decide.
     *
     * @param directory an existing directory; a missing one, or one the gateway itself cannot see, gives false
     */
    public boolean canRead(Path directory) {
        if (!switched) {
            return Files.isReadable(directory) && Files.isExecutable(directory);
        }
        try {
            Path real = directory.toRealPath();
            return allows(real, 5) && canTraverse(real);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether this user could open a file of known name in a directory, because the user may traverse each directory down to
     * it.
     */
    public boolean canTraverse(Path directory) {
        if (!switched) {
            return Files.isExecutable(directory);
        }
        try {
            for (Path at = directory.toRealPath(); at != null; at = at.getParent()) {
                if (!allows(at, 1)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Applies the kernel's rule, by which the first class of owner, group and others that fits decides alone. */
    private boolean allows(Path path, int wanted) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,gid,mode");
        int mode = attribute(attributes, "mode");
        int bits;
        if (attribute(attributes, "uid") == uid) {
            bits = mode >> 6;
        } else if (groups.contains(attribute(attributes, "gid"))) {
            bits = mode >> 3;
        } else {
            bits = mode;
        }
        return (bits & wanted) == wanted;
    }

    /** The value of an attribute that was read. */
    private static int attribute(Map<String, Object> attributes, String name) {
        return (Integer) Objects.requireNonNull(attributes.get(name), name);
    }

    /**
     * The user that the gateway runs as.
     *
     * @param uid its effective user
     * @param gid its effective group
     * @param groups all its groups
     */
    public record Self(int uid, int gid, Set<Integer> groups) {
        /**
         * Reads it from {@code /proc/self/status} and not from the owner of {@code /proc/self}, which is root for a program with
         * file capabilities.
         */
        public static Self read() throws IOException {
            int uid = -1;
            int gid = -1;
            Set<Integer> groups = new TreeSet<>();
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    uid = effective(line);
                } else if (line.startsWith("Gid:")) {
                    gid = effective(line);
                } else if (line.startsWith("Groups:")) {
                    groups.addAll(numbers(line.substring(7)));
                }
            }
            groups.add(gid);
            return new Self(uid, gid, groups);
        }

        private static int effective(String line) {
            return Integer.parseInt(Arrays.asList(line.split("\\s+")).get(2));
        }
    }
}
