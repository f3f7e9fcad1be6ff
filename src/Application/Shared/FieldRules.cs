using System.Numerics;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>Rules of surfaces that refuse each field by its name, with 422, and can tell in which way it is wrong (seeds 001 to 004).</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class FieldRules<T> : OrderedValidator<T>
{
    /// <summary>Refuses a field that is absent, of another type, or not as expected.</summary>
    /// <param name="name">Wire name; a field of a field is written <c>outer.inner</c>.</param>
    /// <param name="field">The field.</param>
    /// <param name="isRight">What must be true of its value.</param>
    /// <param name="expected">The same in words.</param>
    /// <param name="optional">Whether it may be left out.</param>
    protected void RequireField<TValue>(
        string name, Func<T, Supplied<TValue>> field, Func<TValue, bool> isRight, string expected, bool optional = false) =>
        Require(
            new Field<TValue>(name, field, optional),
            value => isRight(value) ? null : new FieldFault.Unfit(expected),
            expected,
            new FieldFault.Unfit(expected));

    /// <summary>Refuses a field that is absent or of another type.</summary>
    /// <param name="name">Wire name.</param>
    /// <param name="field">The field.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="optional">Whether it may be left out.</param>
    protected void RequireValue<TValue>(string name, Func<T, Supplied<TValue>> field, string expected, bool optional = false) =>
        Require(new Field<TValue>(name, field, optional), _ => null, expected);

    /// <summary>Refuses a field that carries no whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    protected void RequireWhole(string name, Func<T, Supplied<int>> field, int least, int most = int.MaxValue, bool optional = false) =>
        RequireRange(new Field<int>(name, field, optional), least, most, $"a whole number from {least} to {most}");

    /// <summary>Refuses a field that carries no whole number of 64 bits from <paramref name="least"/> to <paramref name="most"/>.</summary>
    protected void RequireLong(string name, Func<T, Supplied<long>> field, long least, long most) =>
        RequireRange(new Field<long>(name, field, Optional: false), least, most, $"a whole number from {least} to {most}");

    /// <summary>Refuses a field that carries no number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    protected void RequireNumber(string name, Func<T, Supplied<double>> field, long least, long most, bool optional = false) =>
        RequireRange(new Field<double>(name, field, optional), least, most, $"a number from {least} to {most}");

    /// <summary>Refuses a field that carries none of some texts.</summary>
    protected void RequireChoice(string name, Func<T, Supplied<string>> field, IReadOnlyList<string> choices, bool optional = false) => Require(
        new Field<string>(name, field, optional),
        value => choices.Contains(value) ? null : new FieldFault.NoChoice(choices),
        $"one of: {string.Join(", ", choices)}",
        new FieldFault.NoChoice(choices));

    private void RequireRange<TValue>(Field<TValue> field, long least, long most, string expected)
        where TValue : INumber<TValue>
    {
        var (lowest, highest) = (TValue.CreateChecked(least), TValue.CreateChecked(most));
        var (below, above) = (new FieldFault.TooSmall(least), new FieldFault.TooGreat(most));
        Require(field, value => value < lowest ? below : value > highest ? above : null, expected, below, above);
    }

    private void Require<TValue>(
        Field<TValue> field, Func<TValue, FieldFault?> judge, string expected, params ReadOnlySpan<FieldFault> faults)
    {
        var error = RequestErrors.Unprocessable(field.Name, expected);
        Error[] documented = [.. field.AbsenceAndType.Concat(faults.ToArray()).Select(fault => error with { Fault = fault })];
        Require(request => field.FaultOf(request, judge) is null, request => error with { Fault = field.FaultOf(request, judge) }, documented);
    }

    private sealed record Field<TValue>(string Name, Func<T, Supplied<TValue>> Read, bool Optional)
    {
        public IEnumerable<FieldFault> AbsenceAndType => Optional ? [OfAnotherType] : [new FieldFault.Missing(), OfAnotherType];

        private static FieldFault OfAnotherType => new FieldFault.Mistyped(TypeOf(typeof(TValue)));

        public FieldFault? FaultOf(T request, Func<TValue, FieldFault?> judge)
        {
            var supplied = Read(request);
            if (supplied.IsGiven)
            {
                return judge(supplied.Value);
            }

            return supplied.IsLeftOut && Optional ? null : supplied.IsAbsent ? new FieldFault.Missing() : OfAnotherType;
        }

        private static FieldType TypeOf(Type type) => Type.GetTypeCode(type) switch
        {
            TypeCode.String => FieldType.Text,
            TypeCode.Int32 or TypeCode.Int64 => FieldType.WholeNumber,
            TypeCode.Double => FieldType.Number,
            TypeCode.Boolean => FieldType.Flag,
            _ => type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? FieldType.List : FieldType.Fields,
        };
    }
}
