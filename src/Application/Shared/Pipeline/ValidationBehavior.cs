using AiPlatform.Domain.Shared;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Runs the request's validator; the first rule that fails answers.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(
    ICallContext call, IEnumerable<IValidator<TRequest>> validators, ServiceFactory services)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        CheckAsync(request, cancellationToken).Then(next);

    private async Task CheckAsync(TRequest request, CancellationToken cancellationToken)
    {
        if (RefusalOf(call.Body.State) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(new CallValidation<TRequest>(request, services), cancellationToken);
            if (result.Errors is [var first, ..])
            {
                throw new RefusedException(first.CustomState as Error ?? RequestErrors.Invalid(first.ErrorMessage));
            }
        }
    }

    private static Error? RefusalOf(BodyState state) => state switch
    {
        BodyState.TooLarge => RequestErrors.BodyTooLarge,
        BodyState.TooSlow => RequestErrors.BodyTooSlow,
        _ => null,
    };
}
