using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>One rule of the house.</summary>
/// <param name="Name">What is to hold.</param>
/// <param name="Concerns">Which types it speaks about.</param>
/// <param name="Breaches">What is wrong with one of them.</param>
internal sealed record Rule(string Name, Func<TypeDefinition, bool> Concerns, Func<TypeDefinition, IEnumerable<string>> Breaches)
{
    /// <summary>Every breach, with its type.</summary>
    /// <exception cref="InvalidOperationException">The rule speaks about none of the types, so that it could never fail.</exception>
    public IReadOnlyList<Breach> Check(IEnumerable<TypeDefinition> types)
    {
        var concerned = types.Where(Concerns).ToList();
        if (concerned.Count == 0)
        {
            throw new InvalidOperationException($"{Name}: no type is concerned.");
        }

        return [.. concerned.SelectMany(type => Breaches(type).Select(what => new Breach(type, what)))];
    }

    public override string ToString() => Name;
}

/// <summary>A type that breaks a rule.</summary>
/// <param name="Type">The type.</param>
/// <param name="What">What is wrong with it.</param>
internal sealed record Breach(TypeDefinition Type, string What)
{
    public override string ToString() => $"{Type.FullName}: {What}";
}
