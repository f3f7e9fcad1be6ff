using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace AiPlatform.Application.Shared;

/// <summary>Knows what it refuses, so that the documentation is told by the rules themselves.</summary>
public interface IDocumentedRules
{
    /// <summary>What the rules refuse, in the order in which they run.</summary>
    IReadOnlyList<Error> Refusals { get; }
}

/// <summary>A validator whose rules run in order and stop at the first failure: check order is part of the contract.</summary>
/// <typeparam name="T">The request.</typeparam>
/// <remarks>
/// One instance serves every call, because making rules costs far more than following them. What a rule must know of the call
/// at hand it asks the <see cref="CallValidation{T}"/> for, which the pipeline validates in.
/// </remarks>
public abstract class OrderedValidator<T> : AbstractValidator<T>, IDocumentedRules
{
    private readonly List<Error> _refusals = [];

    /// <summary>Stops at the first failure.</summary>
    protected OrderedValidator()
    {
        ClassLevelCascadeMode = CascadeMode.Stop;
        RuleLevelCascadeMode = CascadeMode.Stop;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Error> Refusals => _refusals;

    /// <summary>Refuses with <paramref name="error"/> unless <paramref name="holds"/>.</summary>
    /// <param name="holds">What must be true of the request.</param>
    /// <param name="error">The refusal.</param>
    protected void Require(Func<T, bool> holds, Error error) => Require(holds, _ => error, error);

    /// <summary>Refuses with an error made from the request unless <paramref name="holds"/>.</summary>
    /// <param name="holds">What must be true of the request.</param>
    /// <param name="error">Makes the refusal.</param>
    /// <param name="documented">The refusals that it can make, as the documentation shows them.</param>
    protected void Require(Func<T, bool> holds, Func<T, Error> error, params ReadOnlySpan<Error> documented)
    {
        _refusals.AddRange(documented);
        RuleFor(request => request).Custom((request, context) =>
        {
            if (!holds(request))
            {
                context.AddFailure(Failure(error(request)));
            }
        });
    }

    /// <summary>Refuses with an error made from the request unless <paramref name="holds"/>, which has to ask for it.</summary>
    /// <typeparam name="TService">Who is asked.</typeparam>
    /// <param name="holds">What must be true of the request.</param>
    /// <param name="error">Makes the refusal.</param>
    /// <param name="documented">The refusal as the documentation shows it.</param>
    protected void Require<TService>(Func<T, TService, CancellationToken, Task<bool>> holds, Func<T, Error> error, Error documented)
    {
        _refusals.Add(documented);
        RuleFor(request => request).CustomAsync(async (request, context, cancellationToken) =>
        {
            if (!await holds(request, Service<TService>(context), cancellationToken))
            {
                context.AddFailure(Failure(error(request)));
            }
        });
    }

    /// <summary>Refuses with the error that somebody who has to be asked gives, if he gives one.</summary>
    /// <typeparam name="TService">Who is asked.</typeparam>
    /// <param name="refusal">Asks; <see langword="null"/> refuses nothing.</param>
    /// <param name="documented">The refusals as the documentation shows them.</param>
    protected void Ask<TService>(Func<T, TService, CancellationToken, Task<Error?>> refusal, params ReadOnlySpan<Error> documented)
    {
        _refusals.AddRange(documented);
        RuleFor(request => request).CustomAsync(async (request, context, cancellationToken) =>
        {
            if (await refusal(request, Service<TService>(context), cancellationToken) is { } error)
            {
                context.AddFailure(Failure(error));
            }
        });
    }

    /// <summary>Refuses a call without a JSON object.</summary>
    protected void RequireBody()
    {
        _refusals.Add(RequestErrors.BodyRequired);
        RuleFor(request => request).Custom((_, context) =>
        {
            if (Service<ICallContext>(context).Body.State is not BodyState.Read)
            {
                context.AddFailure(Failure(RequestErrors.BodyRequired));
            }
        });
    }

    /// <summary>Refuses a request that lacks fields, naming all of them.</summary>
    /// <param name="fields">Wire name and field, in the documented order.</param>
    protected void RequireFields(params (string Name, Func<T, ISupplied> Field)[] fields) =>
        Require(
            request => Array.TrueForAll(fields, field => IsPresent(field.Field(request))),
            request => RequestErrors.Missing(fields.Where(field => !IsPresent(field.Field(request))).Select(field => field.Name)),
            RequestErrors.Missing(fields.Select(field => field.Name)));

    /// <summary>Refuses a field that is no text, or a longer one than can be kept. An absent field passes.</summary>
    /// <param name="name">Wire name.</param>
    /// <param name="field">The field.</param>
    /// <param name="limit">Most characters.</param>
    protected void RequireText(string name, Func<T, Supplied<string>> field, int limit) =>
        Require(
            request => !field(request).IsMistyped && field(request).Or(string.Empty).Length <= limit,
            RequestErrors.Invalid($"{name} must be a string of at most {limit} characters"));

    /// <summary>Refuses a field that is neither true nor false. An absent field passes.</summary>
    /// <param name="name">Wire name.</param>
    /// <param name="field">The field.</param>
    protected void RequireFlag(string name, Func<T, Supplied<bool>> field) =>
        Require(request => !field(request).IsMistyped, RequestErrors.Invalid($"{name} must be true or false"));

    /// <summary>Refuses a page, or a size of pages, out of range. Absent fields pass.</summary>
    /// <param name="page">The number of the page.</param>
    /// <param name="maxPage">Highest page.</param>
    /// <param name="perPage">The size of pages.</param>
    /// <param name="maxPerPage">Largest size.</param>
    protected void RequirePage(Func<T, Supplied<int>> page, int maxPage, Func<T, Supplied<int>> perPage, int maxPerPage)
    {
        Require(
            request => page(request).IsAbsentOr(number => number >= 1 && number <= maxPage),
            RequestErrors.Invalid($"page must be a number from 1 to {maxPage}"));
        Require(
            request => perPage(request).IsAbsentOr(size => size >= 1 && size <= maxPerPage),
            RequestErrors.Invalid($"per_page must be a number from 1 to {maxPerPage}"));
    }

    /// <summary>Refuses unless the field is a usable access token of the caller's own.</summary>
    /// <param name="token">The field.</param>
    protected void RequireConfirmation(Func<T, string> token)
    {
        _refusals.AddRange(CredentialErrors.OfConfirmation);
        RuleFor(request => request).CustomAsync(async (request, context, cancellationToken) =>
        {
            if (await Service<ITokenConfirmation>(context).ConfirmAsync(token(request), cancellationToken) is { } error)
            {
                context.AddFailure(Failure(error));
            }
        });
    }

    private static bool IsPresent(ISupplied field) =>
        field is Supplied<string> text ? text.IsGiven && !string.IsNullOrWhiteSpace(text.Value) : field.IsGiven;

    private static TService Service<TService>(ValidationContext<T> context) =>
        (TService)((CallValidation<T>)context).Services(typeof(TService));

    private static ValidationFailure Failure(Error error) => new(string.Empty, error.Message) { CustomState = error };
}

/// <summary>The validation of one call, with whom its rules may ask.</summary>
/// <typeparam name="T">The request.</typeparam>
internal sealed class CallValidation<T>(T request, ServiceFactory services) : ValidationContext<T>(request)
{
    /// <summary>Gives the services of the call.</summary>
    public ServiceFactory Services { get; } = services;
}
