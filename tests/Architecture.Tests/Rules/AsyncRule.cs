using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>
/// Whoever waits can stop waiting: asynchronous methods take a token, or something that carries one. Private ones are parts of
/// a method that does.
/// </summary>
internal static class AsyncRule
{
    public const string Name = "Asynchronous methods can be cancelled";

    private static readonly string[] Awaitables = ["Task", "Task`1", "ValueTask", "ValueTask`1", "IAsyncEnumerable`1"];

    /// <summary>These carry the token of the call.</summary>
    private static readonly string[] Carriers = ["CancellationToken", "HttpContext", "HttpRequest", "ModelBindingContext"];

    /// <summary>Methods that take no token, each with its reason.</summary>
    public static IReadOnlyDictionary<string, string> Exclusions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AfterCheck.Then"] = "The check and the rest of the call carry the token; nothing else is waited for.",
        ["CallRecorder.RecordFailureAsync"] = "A caller who leaves must not stop the record of the call.",
        ["CallRecorder.TryRecordAsync"] = "A caller who leaves must not stop the record of the call.",
        ["CallRecorder.RecordAsync"] = "A caller who leaves must not stop the record of the call.",
        ["FileIntake.DiscardAsync"] = "A caller who leaves must not stop the clearing up.",
    };

    public static Rule Rule { get; } = new(Name, type => Methods(type).Any(), Breaches);

    public static string NameOf(MethodDefinition method) => $"{method.DeclaringType.Name}.{method.Name}";

    private static IEnumerable<string> Breaches(TypeDefinition type) =>
        from method in Methods(type)
        where !method.Parameters.Any(parameter => Carriers.Contains(parameter.ParameterType.Name))
        where !IsDictated(method) && !Exclusions.ContainsKey(NameOf(method))
        select $"{method.Name} takes no CancellationToken";

    private static IEnumerable<MethodDefinition> Methods(TypeDefinition type) =>
        from at in type.WithNested()
        where !at.IsCompilerGenerated() && !IsDelegate(at)
        from method in at.Methods
        where Awaitables.Contains(method.ReturnType.Name) && !method.IsPrivate && !method.IsGetter && !method.Name.Contains('<', StringComparison.Ordinal)
        select method;

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    /// <summary>Whether somebody else wrote the signature: a base or an interface that is not ours.</summary>
    private static bool IsDictated(MethodDefinition method) =>
        method.DeclaringType.Lineage().Skip(1).Concat(method.DeclaringType.AllInterfaces().Select(face => face.Resolve()).OfType<TypeDefinition>())
            .Where(type => Place.Of(type) is null)
            .SelectMany(type => type.Methods)
            .Any(foreign => foreign.Name == method.Name && foreign.IsVirtual && foreign.Parameters.Count == method.Parameters.Count);
}
