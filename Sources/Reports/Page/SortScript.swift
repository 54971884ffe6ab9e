/// The only script of a page: makes the heads of tables into buttons that sort. Without it the page reads the same.
enum SortScript {
  static let source = """
    document.querySelectorAll('table.sortable').forEach(function(table){\
    var body=table.tBodies[0];\
    table.querySelectorAll('th').forEach(function(head,column){\
    var button=document.createElement('button');\
    button.type='button';button.textContent=head.textContent;head.textContent='';head.appendChild(button);\
    button.addEventListener('click',function(){\
    var rising=head.getAttribute('aria-sort')!=='ascending'&&(head.getAttribute('aria-sort')!==null||!head.classList.contains('number'));\
    table.querySelectorAll('th').forEach(function(other){other.removeAttribute('aria-sort')});\
    head.setAttribute('aria-sort',rising?'ascending':'descending');\
    var key=function(row){var cell=row.cells[column];\
    return cell.dataset.value===undefined?cell.textContent:cell.dataset.value===''?-Infinity:Number(cell.dataset.value)};\
    Array.from(body.rows).sort(function(a,b){var x=key(a),y=key(b);\
    var order=typeof x==='number'?x-y:x.localeCompare(y,'en',{numeric:true});\
    return rising?order:-order}).forEach(function(row){body.appendChild(row)})})})});
    """

  /// What the page's policy names it by. `printf %s SOURCE | openssl dgst -sha256 -binary | base64`
  static let hash = "sha256-RehfRInWwTKnLmZTZFYuCoBA6ED4bSYHwkd2z+C3q9I="
}
