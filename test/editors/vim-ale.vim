" Vim with ALE and our server over stdio: diagnostics by push, a code action, save. Run by vim.test.ts;
" prints `key: value` lines into $LSP_OUTPUT, ends with status 0 or 1.
set nocompatible nobackup noswapfile hidden
let s:said = []

function! s:Say(key, value) abort
  call add(s:said, a:key . ': ' . substitute(a:value, '\n.*', '', ''))
endfunction

function! s:End(status) abort
  call writefile(s:said, $LSP_OUTPUT)
  execute a:status == 0 ? 'qall!' : 'cquit'
endfunction

function! s:WaitFor(what, condition) abort
  for l:try in range(600)
    if a:condition()
      return
    endif
    sleep 50m
  endfor
  throw 'waited in vain until ' . a:what
endfunction

let g:ale_linters = {'c': ['driver_teardown']}
let g:ale_linters_explicit = 1
let g:ale_lint_on_enter = 1
execute 'set runtimepath^=' . $LSP_ALE
runtime plugin/ale.vim
filetype plugin on

" What docs/editors.md says.
call ale#linter#Define('c', {
\   'name': 'driver_teardown',
\   'lsp': 'stdio',
\   'executable': $LSP_NODE,
\   'command': '%e ' . $LSP_SERVER . ' --stdio',
\   'project_root': {buffer -> fnamemodify(bufname(buffer), ':p:h')},
\})

function! s:Loclist() abort
  return ale#engine#GetLoclist(bufnr(''))
endfunction

function! s:Session() abort
  execute 'edit ' . fnameescape($LSP_FILE)
  set filetype=c
  ALELint
  call s:WaitFor('there is a diagnostic', {-> !empty(s:Loclist())})
  call s:Say('diagnostics', len(s:Loclist()))
  let l:found = s:Loclist()[0]
  call s:Say('line', l:found.lnum)
  call s:Say('message', l:found.text)
  call s:Say('code', get(l:found, 'code', ''))
  call cursor(l:found.lnum, l:found.col)
  " Where ALE would ask which action, the one that is wanted is taken.
  let l:answer = {}
  call ale#codefix#Execute(0, {data, items -> s:Pick(data, items, l:answer)})
  call s:WaitFor('the actions are there', {-> has_key(l:answer, 'done')})
  silent write
  " In a terminal the events of typing do that.
  ALELint
  call s:WaitFor('the diagnostic goes', {-> empty(s:Loclist())})
  call s:Say('done', 'true')
endfunction

function! s:Pick(data, items, answer) abort
  for l:item in a:items
    call s:Say('action', l:item[1].title)
  endfor
  let l:wanted = filter(copy(a:items), {_, item -> stridx(item[1].title, $LSP_TITLE) == 0})
  if empty(l:wanted)
    throw 'the action is not offered'
  endif
  call ale#codefix#ApplyLSPCodeAction(a:data, l:wanted[0][1])
  let a:answer.done = 1
endfunction

try
  call s:Session()
  call s:End(0)
catch
  call s:Say('problem', v:exception . ' at ' . v:throwpoint)
  call s:End(1)
endtry
