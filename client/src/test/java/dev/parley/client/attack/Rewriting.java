package dev.parley.client.attack;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A change of one method of a compiled class.
 *
 * @param className as in {@code Class.forName}
 * @param method its name and as much of its descriptor as tells it from others: {@code "tag("}
 * @param change what is done to its code
 */
record Rewriting(String className, String method, Change change) {

    /** Changes code, and says how often it found what it changes: anything but once is an error. */
    @FunctionalInterface
    interface Change {
        MethodTransform counting(Runnable found);
    }

    /** The class file, changed. @throws IllegalStateException if there is not exactly one place to change: the code is another now */
    byte[] apply(byte[] classFile, ClassHierarchyResolver hierarchy) {
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel model = files.parse(classFile);
        long methods = model.methods().stream().filter(this::isMeant).count();
        if (methods != 1) {
            throw gone(methods + " methods " + method + "; there are "
                    + model.methods().stream().map(Rewriting::signature).collect(Collectors.joining(", ")));
        }
        int[] found = new int[1];
        MethodTransform transform = change.counting(() -> found[0]++);
        byte[] changed = files.transformClass(model, ClassTransform.transformingMethods(this::isMeant, transform));
        if (found[0] != 1) {
            throw gone(found[0] + " places in " + method + " to change");
        }
        List<VerifyError> wrong = files.verify(changed);
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("what became of " + className + " is no valid class: " + wrong);
        }
        return changed;
    }

    /** Reads it and writes it as it was, by the same ways. */
    static byte[] unchanged(byte[] classFile, ClassHierarchyResolver hierarchy) {
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        return files.transformClass(
                files.parse(classFile), ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
    }

    private IllegalStateException gone(String what) {
        return new IllegalStateException(className + " has " + what
                + ": the defence is written in another way now, so the way to break it has to be, too");
    }

    private boolean isMeant(MethodModel each) {
        return signature(each).startsWith(method);
    }

    private static String signature(MethodModel each) {
        return each.methodName().stringValue() + each.methodType().stringValue();
    }

    /** Other code in place of a method's own. */
    static Change body(Consumer<CodeBuilder> code) {
        return found -> (builder, element) -> {
            if (element instanceof CodeModel) {
                found.run();
                builder.withCode(code::accept);
            } else {
                builder.with(element);
            }
        };
    }

    /** Code before a method's own. */
    static Change before(Consumer<CodeBuilder> code) {
        return found -> MethodTransform.transformingCode(new CodeTransform() {
            @Override
            public void atStart(CodeBuilder builder) {
                found.run();
                code.accept(builder);
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
            }
        });
    }

    /** Other code in place of a call; what the call would have taken from the stack is taken from it before. */
    static Change call(String owner, String name, Consumer<CodeBuilder> code) {
        return found -> MethodTransform.transformingCode((builder, element) -> {
            if (element instanceof InvokeInstruction call
                    && call.owner().asSymbol().equals(ClassDesc.of(owner))
                    && call.name().equalsString(name)) {
                found.run();
                pop(builder, call);
                code.accept(builder);
            } else {
                builder.with(element);
            }
        });
    }

    /** Other code in place of the reading of a field of an object, which is taken from the stack before. */
    static Change field(String name, Consumer<CodeBuilder> code) {
        return found -> MethodTransform.transformingCode((builder, element) -> {
            if (element instanceof FieldInstruction field
                    && field.opcode() == Opcode.GETFIELD
                    && field.name().equalsString(name)) {
                found.run();
                builder.pop();
                code.accept(builder);
            } else {
                builder.with(element);
            }
        });
    }

    private static void pop(CodeBuilder builder, InvokeInstruction call) {
        MethodTypeDesc type = call.typeSymbol();
        List<ClassDesc> taken = new ArrayList<>();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            taken.add(ConstantDescs.CD_Object);
        }
        taken.addAll(type.parameterList());
        for (ClassDesc each : taken.reversed()) {
            if (TypeKind.from(each).slotSize() == 2) {
                builder.pop2();
            } else {
                builder.pop();
            }
        }
    }
}
