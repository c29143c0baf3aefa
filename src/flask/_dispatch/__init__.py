"""The journey of a request: theory of operation.

A request goes through *steps*, in one order, whichever protocol it came by. The order stands in :mod:`.steps`, as
coroutine functions, and nowhere else. What they call is of two kinds:

- *User code*: views, hooks, handlers, signal receivers. It is called by ``ctx.call``, which knows how this request's
  protocol calls such code. Under WSGI that is a plain call, and what was written with ``async def`` is run to its end
  before the call returns. Elsewhere ``ctx.call`` may return a coroutine. So each step awaits a result if, and only if,
  it is a coroutine.
- *Stages*: methods of the application that users override or replace, such as ``preprocess_request``. The method of
  :class:`flask.Flask` runs the step of the same name. A step that leads to another one asks :func:`.stages.replaced`,
  at each request, which stages are not ours any more: those are called as user code; ours are continued without the way
  over the method.

A coroutine that never suspends is finished by its first ``send(None)``: that is how the WSGI driver, :mod:`.wsgi`, runs
the steps. No event loop is involved, and it costs a quarter of a microsecond more than a plain function would.

Two more modules each answer one question that the steps ask: what response a return value is (:mod:`.responses`), and
what becomes of an exception (:mod:`.errors`).

What no hook, signal or session asks for costs a truth test: registries are read live, at each request, because programs
and extensions change them at any time.
"""
