using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>Everything that a type mentions: in its signatures, its attributes and its code.</summary>
internal static class TypeReferences
{
    public static IReadOnlyCollection<TypeReference> Of(TypeDefinition type)
    {
        var mentioned = new Dictionary<string, TypeReference>(StringComparer.Ordinal);
        foreach (var reference in type.WithNested().SelectMany(OfOne).SelectMany(Flatten))
        {
            mentioned.TryAdd(reference.FullName, reference);
        }

        return mentioned.Values;
    }

    private static IEnumerable<TypeReference?> OfOne(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(face => face.InterfaceType),
        .. type.GenericParameters.SelectMany(Constraints),
        .. OfAttributes(type),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Fields.SelectMany(OfAttributes),
        .. type.Properties.SelectMany(OfAttributes),
        .. type.Methods.SelectMany(OfMethod),
    ];

    private static IEnumerable<TypeReference?> OfMethod(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.Parameters.SelectMany(OfAttributes),
        .. method.GenericParameters.SelectMany(Constraints),
        .. OfAttributes(method),
        .. method.HasBody ? OfBody(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> OfBody(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => OfOperand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> OfOperand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments, .. Parameters(method)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. Parameters(method)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parameters(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType);

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference?> OfAttributes(ICustomAttributeProvider owner) =>
        owner.CustomAttributes.SelectMany(attribute => attribute.ConstructorArguments
            .Select(argument => argument.Value as TypeReference ?? argument.Type)
            .Prepend(attribute.AttributeType));

    private static IEnumerable<TypeReference> Flatten(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Prepend(generic.ElementType),
        TypeSpecification specification => Flatten(specification.ElementType),
        _ => [type],
    };
}
