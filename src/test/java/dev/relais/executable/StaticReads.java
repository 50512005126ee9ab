package dev.relais.executable;

import static org.objectweb.asm.Opcodes.ACC_ABSTRACT;
import static org.objectweb.asm.Opcodes.ACC_NATIVE;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Which system properties, environment variables and sizes of the machine are read when a class is initialised: in its static initialiser, or
 * in code that this calls or constructs, as far as the bytecode names it. A native executable is built with most classes initialised, so
 * what is read there is what the machine that builds has.
 */
final class StaticReads {
    /** Stands for a property whose name is not a constant. */
    static final String COMPUTED = "(computed)";

    private static final String INITIALISER = "<clinit>";

    private final Predicate<String> ofInterest;
    private final Map<String, Set<String>> calls = new HashMap<>(); // by "class#method"
    private final Map<String, Set<String>> reads = new HashMap<>();
    private final Set<String> initialised = new TreeSet<>();

    private StaticReads(Predicate<String> ofInterest) {
        this.ofInterest = ofInterest;
    }

    /**
     * @param ofInterest by the name of a class with slashes
     * @return the names that are read, by the class whose initialisation reads them, with dots
     */
    static Map<String, Set<String>> find(Predicate<String> ofInterest) throws IOException {
        StaticReads reads = new StaticReads(ofInterest);
        ClassPath.here()
                .read(name -> name.endsWith(".class") && ofInterest.test(name), (name, bytes) -> reads.add(bytes));
        return reads.byInitialised();
    }

    private void add(byte[] bytes) {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        for (MethodNode method : type.methods) {
            if (method.name.equals(INITIALISER)) {
                initialised.add(type.name);
            }
            if ((method.access & (ACC_ABSTRACT | ACC_NATIVE)) == 0) {
                add(type.name, method);
            }
        }
    }

    private void add(String type, MethodNode method) {
        String here = type + "#" + method.name;
        Frame<SourceValue>[] frames = null;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof InvokeDynamicInsnNode dynamic) {
                for (Object argument : dynamic.bsmArgs) {
                    if (argument instanceof Handle handle) {
                        addCall(here, handle.getOwner(), handle.getName());
                    }
                }
            } else if (each instanceof MethodInsnNode call) {
                if (isOfMachine(call)) {
                    addRead(here, "Runtime." + call.name);
                } else if (isRead(type, call)) {
                    frames = frames == null ? analyse(type, method) : frames;
                    addRead(here, name(call, frames[method.instructions.indexOf(call)]));
                } else {
                    addCall(here, call.owner, call.name);
                }
            }
        }
    }

    private static Frame<SourceValue>[] analyse(String type, MethodNode method) {
        try {
            return new Analyzer<>(new SourceInterpreter()).analyze(type, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(type + "#" + method.name, e);
        }
    }

    private static boolean isOfMachine(MethodInsnNode call) {
        return call.owner.equals("java/lang/Runtime")
                && List.of("availableProcessors", "maxMemory").contains(call.name);
    }

    private static boolean isRead(String type, MethodInsnNode call) {
        return switch (call.owner) {
            case "java/lang/System" -> List.of("getProperty", "getenv").contains(call.name);
            case "java/lang/Boolean", "java/lang/Integer", "java/lang/Long" ->
                List.of("getBoolean", "getInteger", "getLong").contains(call.name);
            // It passes on names that it is given: who calls it reads.
            default -> call.owner.endsWith("/SystemPropertyUtil") && !type.endsWith("/SystemPropertyUtil");
        };
    }

    /** The first argument, when it is one constant. */
    private static String name(MethodInsnNode call, Frame<SourceValue> frame) {
        int arguments = Type.getArgumentTypes(call.desc).length;
        if (arguments == 0) {
            return COMPUTED; // all of them
        }
        Set<AbstractInsnNode> sources = frame.getStack(frame.getStackSize() - arguments).insns;
        return sources.size() == 1
                        && sources.iterator().next() instanceof LdcInsnNode constant
                        && constant.cst instanceof String text
                ? text
                : COMPUTED;
    }

    private void addRead(String here, String name) {
        reads.computeIfAbsent(here, key -> new TreeSet<>()).add(name);
    }

    private void addCall(String here, String owner, String method) {
        if (ofInterest.test(owner) && !owner.endsWith("/SystemPropertyUtil")) {
            calls.computeIfAbsent(here, key -> new HashSet<>()).add(owner + "#" + method);
        }
    }

    private Map<String, Set<String>> byInitialised() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String type : initialised) {
            Set<String> names = new TreeSet<>();
            for (String method : reached(type + "#" + INITIALISER)) {
                names.addAll(reads.getOrDefault(method, Set.of()));
            }
            if (!names.isEmpty()) {
                found.put(type.replace('/', '.'), names);
            }
        }
        return found;
    }

    private Set<String> reached(String method) {
        Set<String> seen = new HashSet<>(Set.of(method));
        Deque<String> left = new ArrayDeque<>(seen);
        while (!left.isEmpty()) {
            for (String called : calls.getOrDefault(left.remove(), Set.of())) {
                if (seen.add(called)) {
                    left.add(called);
                }
            }
        }
        return seen;
    }
}
