namespace AiPlatform.Application.Shared;

/// <summary>What a client sent for one field.</summary>
public interface ISupplied
{
    /// <summary>Whether the field carries a value of its type.</summary>
    bool IsGiven { get; }
}

/// <summary>
/// A field as the client sent it: absent, <c>null</c>, of another type, or a value. Keeping the four apart lets a
/// validator answer each in the words of its surface instead of failing while the body is read.
/// </summary>
/// <typeparam name="T">The type that the field should have.</typeparam>
public readonly record struct Supplied<T> : ISupplied
{
    private readonly State _state;
    private readonly T _value;

    private Supplied(State state, T value)
    {
        _state = state;
        _value = value;
    }

    private enum State
    {
        Absent,
        Null,
        Mistyped,
        Given,
    }

    /// <summary>The field was sent with a value of another type.</summary>
    public static Supplied<T> Mistyped { get; } = new(State.Mistyped, default!);

    /// <summary>The field was sent as <c>null</c>.</summary>
    public static Supplied<T> Null { get; } = new(State.Null, default!);

    /// <inheritdoc/>
    public bool IsGiven => _state == State.Given;

    /// <summary>Whether the field was not sent, or sent as <c>null</c>.</summary>
    public bool IsLeftOut => _state is State.Absent or State.Null;

    /// <summary>Whether the field was not sent.</summary>
    public bool IsAbsent => _state == State.Absent;

    /// <summary>Whether the field was sent with a value of another type.</summary>
    public bool IsMistyped => _state == State.Mistyped;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The field carries none.</exception>
    public T Value => IsGiven ? _value : throw new InvalidOperationException("The field carries no value.");

    /// <summary>A field with a value of an interface, which no conversion reaches.</summary>
    /// <param name="value">The value.</param>
    public static Supplied<T> Of(T value) => new(State.Given, value);

    /// <summary>A field with a value.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Supplied<T>(T value) => value is null ? Null : new(State.Given, value);

    /// <summary>The value, or <paramref name="fallback"/> where there is none.</summary>
    /// <param name="fallback">What stands for an absent value.</param>
    public T Or(T fallback) => IsGiven ? _value : fallback;

    /// <summary>Whether the field was left out, or carries a value that is right; <c>null</c> and another type never are.</summary>
    /// <param name="isRight">What must be true of the value.</param>
    public bool IsAbsentOr(Func<T, bool> isRight) => _state == State.Absent || (IsGiven && isRight(_value));

    /// <summary>Never the value: it may be a secret.</summary>
    public override string ToString() => _state.ToString();
}
