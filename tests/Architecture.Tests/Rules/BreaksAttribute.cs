namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>Marks a type that breaks a rule on purpose, so that the rule is seen to fail.</summary>
/// <param name="rule">The rule's name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true)]
internal sealed class BreaksAttribute(string rule) : Attribute
{
    public string Rule { get; } = rule;
}
